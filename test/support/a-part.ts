import type { Lane, Part } from '../../src/delivery/work.ts';

/** A lane that nobody reads from. */
export const LIVE: Lane = { priority: 'live', finish: () => undefined };

/** An event's share in an input, of the live log. */
export function aPart(part: Pick<Part, 'position' | 'input'> & Partial<Part>): Part {
  return { lane: LIVE, slot: 0, eventId: '', eventType: '', attempts: 0, notes: [], ...part };
}
