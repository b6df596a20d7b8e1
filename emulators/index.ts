export { emulatorIds, startEmulators } from './command.ts';
export { isDifferent, startRecorder } from './recording/index.ts';
export { getRecordable, replayFile } from './replay-file.ts';
export { seedFromFile } from './seed-file.ts';
export type { StartedEmulator } from './registry.ts';
