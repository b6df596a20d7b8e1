/** Delivery: readers of connections, the record of what they did, and doing it again. */
export { retryDeadLetters, replay } from './again.ts';
export { listDeliveries, tellStory } from './story.ts';
export type { Attempt, Story } from './story.ts';
export { Worker } from './worker.ts';
