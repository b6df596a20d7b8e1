import { z } from 'zod';
import { defineAction } from '../../../kit/index.ts';
import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import {
  checkoutIdsOf,
  confirmedCheckoutIdsOf,
  contractIdsOf,
  currentInlineSnapshot,
  derivedEvents,
  mergeResolveInputs,
  resolveInputSchema,
} from '../../../subscribers/index.ts';
import type { ResolveInput, Subscriber } from '../../../subscribers/index.ts';
import { fetchSubscriber } from '../fetch-subscriber.ts';
import type { SesamySettings } from '../settings.ts';

// A purchase raises four or five events within a moment (user, contract, entitlement, checkout); a quarter
// of a second gathers them and is not felt in a pipeline that promises a second.
const GATHER_MS = 250;

/**
 * The resolver: ids in, the full picture out. It reads the present state, so events that come late, twice or
 * in another order lead to the same end.
 */
export const resolveSubscriber = defineAction<SesamySettings>()({
  id: 'resolve-subscriber',
  title: 'Resolve subscriber',
  summary: 'Fetches the full picture of a user for one or more raw events, and adds it to the log.',
  input: resolveInputSchema,
  options: z.object({}),
  orderKey: ({ userId }) => userId,
  // Users share no call, so a batch would save nothing and tie them together: one that cannot be read
  // would hold up the others.
  batch: { maxItems: 1, lingerMs: 0, gatherMs: GATHER_MS },
  coalesce: mergeResolveInputs,
  *deliver(batch, { cache, nowMs }) {
    const outcomes: Outcome[] = [];
    for (const { input } of batch) outcomes.push(yield* resolve(input, cache, nowMs));
    return outcomes;
  },
});

function* resolve(input: ResolveInput, cache: ConnectionCache, nowMs: number): Steps<Outcome> {
  const inline = currentInlineSnapshot(input);
  if (inline !== null && holdsConfirmedCheckouts(inline, input)) return resolved(input, inline);
  const fetched = yield* fetchSubscriber({
    userId: input.userId,
    contractIds: contractIdsOf(input.causes),
    checkoutIds: checkoutIdsOf(input.causes),
    cache,
  });
  if (!fetched.ok) return fetched.outcome;
  return fetched.value === undefined ? userUnknown(input, nowMs) : resolved(input, fetched.value);
}

function resolved(input: ResolveInput, snapshot: Subscriber): Outcome {
  return { kind: 'delivered', remoteId: input.userId, emit: derivedEvents(input, snapshot) };
}

function holdsConfirmedCheckouts(snapshot: Subscriber, { causes }: ResolveInput): boolean {
  const held = new Set(snapshot.checkouts.map(({ id }) => id));
  return confirmedCheckoutIdsOf(causes).every((id) => held.has(id));
}

// How long a new user may be missing from the API after the event about it. The vendor promises nothing;
// ten minutes is far beyond the lag of a read replica, and soon enough for a human to look (2026-11).
const UNKNOWN_USER_GRACE_MS = 600_000;

/**
 * No such user. Right after the event the API may only lag behind it, so it is asked again. After that the
 * API cannot tell a deleted user from one of another publisher, whose token this is not; skipping both
 * would hide the second, and a mistyped `client_id` would lose everything in silence. So it is a dead letter: it
 * can be seen, discarded when the user was deleted, and retried when the settings were wrong.
 */
function userUnknown({ causes }: ResolveInput, nowMs: number): Outcome {
  const newest = Math.max(...causes.map(({ occurredAt }) => Date.parse(occurredAt)));
  const fault = {
    code: 'sesamy.user_unknown',
    message:
      'Sesamy knows no such user: deleted since, or a user of another vendor than the client_id belongs to.',
    status: 404,
  };
  return nowMs - newest < UNKNOWN_USER_GRACE_MS ? { kind: 'retry', fault } : { kind: 'rejected', fault };
}
