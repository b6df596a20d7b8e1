export { emulatorIds, startEmulators } from './command.ts';
export type { RegisteredEmulator, StartedEmulator } from './registry.ts';
