/** Delivery: readers of connections, the record of what they did, and doing it again. */
export type { Attempt } from './attempt-record.ts';
export { discardDeadLetters, retryDeadLetters, retryEdited } from './dead-letters.ts';
export type { OpenFilter, RetryReport } from './dead-letters.ts';
export { tellPerson } from './people.ts';
export type { PersonStory } from './people.ts';
export type { Standing } from './standing.ts';
export { listDeliveries, tellStory } from './story.ts';
export type { FlowStory, Story, StoryAttempt } from './story.ts';
export type { DeliveryObserver, RunSettled } from './observer.ts';
export { Worker } from './worker.ts';
export type { ReaderReport } from './reader-report.ts';
