export { parseRecording } from './exchange.ts';
export { startRecorder } from './record.ts';
export { isDifferent, replay } from './replay.ts';
export type { Comparison } from './replay.ts';
