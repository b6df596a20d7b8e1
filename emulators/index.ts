export { emulatorIds, startEmulators } from './command.ts';
