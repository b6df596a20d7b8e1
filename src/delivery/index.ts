/** Delivery: readers of connections, the record of what they did, and doing it again. */
export type { Attempt } from './attempt-record.ts';
export { toLine } from './changed-records.ts';
export { assertOpen, discardDeadLetters, retryDeadLetters, retryEdited } from './dead-letters.ts';
export type { OpenFilter, RetryReport } from './dead-letters.ts';
export { tellPerson } from './people.ts';
export type { PersonStory } from './people.ts';
export { dryRun } from './replay/dry-run.ts';
export type { DryRun } from './replay/dry-run.ts';
export type { ReplayFilter } from './replay/replay-filter.ts';
export {
  assertRateShare,
  cancelReplay,
  DEFAULT_RATE_SHARE,
  getReplay,
  listReplays,
  pauseReplay,
  resumeReplay,
  startReplay,
} from './replay/replays.ts';
export type { Replay } from './replay/replays.ts';
export type { Standing } from './standing.ts';
export { listDeliveries, tellStory } from './story.ts';
export type { Story } from './story.ts';
export type { DeliveryObserver, RunSettled } from './observer.ts';
export { tryFlow } from './try-flow.ts';
export type { TriedFlow } from './try-flow.ts';
export { Worker } from './worker.ts';
export type { ReaderReport } from './reader-report.ts';
