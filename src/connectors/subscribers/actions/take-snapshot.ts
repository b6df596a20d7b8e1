import { z } from 'zod';
import { defineAction } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import {
  confirmedCheckoutIdsOf,
  derivedEvents,
  mergeResolveInputs,
  resolveInputSchema,
} from '../../../subscribers/index.ts';
import type { ResolveInput } from '../../../subscribers/index.ts';

/** The resolver of platforms that send the whole picture themselves: nothing is asked, nothing is called. */
export const takeSnapshot = defineAction<unknown>()({
  id: 'take-snapshot',
  title: 'Take snapshot',
  summary: 'Adds the snapshot that a subscriber event brought along to the log.',
  input: resolveInputSchema,
  options: z.object({}),
  orderKey: ({ userId }) => userId,
  // No call is made, so inputs only share the bookkeeping of one batch; 100 is what HubSpot takes next.
  batch: { maxItems: 100, lingerMs: 0 },
  coalesce: mergeResolveInputs,
  // eslint-disable-next-line require-yield -- an action without calls is still a generator to the engine
  *deliver(batch): Steps<readonly Outcome[]> {
    return batch.map(({ input }) => take(input));
  },
});

function take(input: ResolveInput): Outcome {
  if (input.inline === null) return { kind: 'skipped', reason: NO_SNAPSHOT };
  const { snapshot } = input.inline;
  const held = new Set(snapshot.checkouts.map(({ id }) => id));
  const notes = confirmedCheckoutIdsOf(input.causes)
    .filter((id) => !held.has(id))
    .map((id) => `The confirmed checkout ${id} is not in the snapshot, so no purchase was derived.`);
  const delivered: Outcome = {
    kind: 'delivered',
    remoteId: input.userId,
    emit: derivedEvents(input, snapshot),
  };
  return notes.length === 0 ? delivered : { ...delivered, notes };
}

export const NO_SNAPSHOT =
  'The event carries ids only, and its source has no API to look them up: send the whole picture as "snapshot".';
