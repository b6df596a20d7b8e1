import { claim, defineAction } from '../../../kit/index.ts';
import type { DeliverContext, Item, Steps } from '../../../kit/index.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { Settings } from '../settings.ts';
import { putSubscriber, unreadable } from '../sync/put-subscriber.ts';
import { putRows } from '../sync/put-rows.ts';
import { mergeInputs, subscriberInputSchema, syncOptionsSchema } from '../sync/subscriber-input.ts';
import type { SubscriberInput, SyncOptions } from '../sync/subscriber-input.ts';

// A subscriber is a call of its own, because only that call answers with the tags. Products and subscriptions of a batch
// share one call each: beyond 25 subscribers that saves less than one call in 25, and a failure repeats more.
const SUBSCRIBERS_MAX = 25;

/** In the order in which one needs the other: subscriber, products, subscriptions. */
export const syncSubscriber = defineAction<Settings>()({
  id: 'sync-subscriber',
  title: 'Sync a subscriber',
  summary:
    'Writes a subscriber with tags, the products that the person has, and one subscription per contract.',
  input: subscriberInputSchema,
  options: syncOptionsSchema,
  // Lists of one account fail and wait by themselves. An address may change, the id does not.
  orderKey: ({ list_id, external_id, email }) => `${list_id ?? ''} ${external_id ?? addressKey(email)}`,
  batch: { maxItems: SUBSCRIBERS_MAX, lingerMs: 250 },
  coalesce: mergeInputs,
  *deliver(batch, context): Steps<readonly Outcome[]> {
    // Two flows may feed two lists of one account: its tags are one set, written in two calls.
    yield* claim([...new Set(batch.map(({ input }) => addressKey(input.email)))]);
    const outcomes: Outcome[] = [];
    for (const { input } of batch) {
      const list = input.list_id ?? context.options.list_id ?? context.settings.list_id;
      const outcome = yield* putSubscriber(input, list);
      outcomes.push(outcome);
      // The others of the batch wait with the connection.
      if (outcome.kind === 'suspended') break;
    }
    const taken = batch.filter((_item, index) => outcomes[index]?.kind === 'delivered');
    const verdictOn = yield* putRowsOf(taken, context);
    return batch.map(({ input }, index) => {
      const outcome = outcomes[index] ?? outcomes.at(-1) ?? unreadable;
      return outcome.kind === 'delivered' ? (verdictOn(input) ?? outcome) : outcome;
    });
  },
});

/** What the products and subscriptions of an input mean for it; `undefined` when they are in order. */
type VerdictOn = (input: SubscriberInput) => Outcome | undefined;

function* putRowsOf(
  batch: readonly Item<SubscriberInput>[],
  { cache, options, isReplay = false }: DeliverContext<Settings, SyncOptions>,
): Steps<VerdictOn> {
  const inputs = batch.map(({ input }) => input);
  const isSure = !isReplay && batch.every(({ attempt }) => attempt === 1);
  const refused = yield* putRows(inputs, { columns: options.subscription_columns, cache, isSure });
  if (refused === 'unreadable') return () => unreadable;
  return (input) =>
    refusalOf('a product', input.products, refused.products) ??
    refusalOf('a subscription', input.subscriptions, refused.subscriptions);
}

function refusalOf(
  what: string,
  rows: readonly { readonly external_id: string }[],
  refused: ReadonlySet<string>,
): Outcome | undefined {
  if (!rows.some(({ external_id }) => refused.has(external_id))) return undefined;
  const message = `Make.as answered 2xx and refused ${what} of the subscriber.`;
  return { kind: 'rejected', fault: { code: 'make-as.row_refused', message } };
}

function addressKey(email: string): string {
  return email.trim().toLowerCase();
}
