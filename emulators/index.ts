export { emulatorIds, startEmulators } from './command.ts';
export { EMULATORS } from './registry.ts';
export type { RegisteredEmulator, StartedEmulator } from './registry.ts';
