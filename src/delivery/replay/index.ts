/** Replays: events of the past sent again, beside what is live. */
export { dryRun } from './dry-run.ts';
export type { DryRun } from './dry-run.ts';
export { REPLAY_OUTCOMES, replayFilterSchema } from './replay-filter.ts';
export type { ReplayFilter, ReplayOutcome } from './replay-filter.ts';
export { ReplayLane } from './replay-lane.ts';
export {
  cancelReplay,
  DEFAULT_RATE_SHARE,
  getReplay,
  listReplays,
  pauseReplay,
  resumeReplay,
  startReplay,
} from './replays.ts';
export type { Replay, StartReplay } from './replays.ts';
