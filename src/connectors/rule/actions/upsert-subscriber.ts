import { defineAction, sha256Hex } from '../../../kit/index.ts';
import type { DeliverContext } from '../../../kit/index.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { RuleSettings } from '../settings.ts';
import { mergeSubscribers, subscriberInputSchema, subscriberOptionsSchema } from '../subscriber-input.ts';
import type { SubscriberInput, SubscriberOptions } from '../subscriber-input.ts';
import { toDraft } from '../upsert/draft.ts';
import { upsertV2 } from '../upsert/v2.ts';
import { upsertV3 } from '../upsert/v3.ts';

type Context = DeliverContext<RuleSettings, SubscriberOptions>;

export const upsertSubscriber = defineAction<RuleSettings>()({
  id: 'upsert-subscriber',
  title: 'Create or update a subscriber',
  summary: 'Writes a subscriber with fields and tags, and removes sesamy_ tags that no longer hold.',
  input: subscriberInputSchema,
  options: subscriberOptionsSchema,
  orderKey: ({ email }) => email,
  // Rule's bulk calls give all their subscribers the same tags, or answer before anything is done and tell nobody what
  // became of each; so subscribers go one by one.
  batch: { maxItems: 1, lingerMs: 0 },
  coalesce: mergeSubscribers,
  needsNoCall: (input, context) => knownNotes(input, context) !== undefined,
  *deliver(batch, context) {
    const outcomes: Outcome[] = [];
    for (const { input } of batch) {
      const known = knownNotes(input, context);
      if (known !== undefined) {
        outcomes.push({ kind: 'delivered', notes: ['unchanged', ...known] });
        continue;
      }
      const drafted = toDraft(input, context.options);
      if (drafted.kind === 'refused') {
        outcomes.push({ kind: 'rejected', fault: drafted.fault });
        continue;
      }
      // Half of a write that fails may be there: what was known before is void until the whole is written.
      context.cache.delete(memoryKey(input));
      const upsert = context.settings.api_version === 'v2' ? upsertV2 : upsertV3;
      const outcome = yield* upsert(drafted.draft, context.cache);
      if (outcome.kind === 'delivered') remember(input, outcome.notes ?? [], context);
      outcomes.push(outcome);
    }
    return outcomes;
  },
});

// A purchase brings several events that lead to one and the same state, and calls are scarce. As long as Rule counts
// calls; a tag that somebody removes in Rule comes back with the next event after it.
const MEMORY_MS = 600_000;

interface Written {
  readonly fingerprint: string;
  /** What was left out of it, and still is. */
  readonly notes: readonly string[];
}

/** What is to be said of an input that Rule was given just so a moment ago; undefined when it was not. */
function knownNotes(
  input: SubscriberInput,
  { cache, options, isReplay }: Context,
): readonly string[] | undefined {
  // Only this module writes under these keys.
  const written = cache.get(memoryKey(input)) as Written | undefined;
  return isReplay !== true && written?.fingerprint === fingerprint(input, options)
    ? written.notes
    : undefined;
}

function remember(input: SubscriberInput, notes: readonly string[], { cache, options }: Context): void {
  const written: Written = { fingerprint: fingerprint(input, options), notes };
  cache.set(memoryKey(input), written, MEMORY_MS);
}

function memoryKey({ email }: SubscriberInput): string {
  return `written:${email}`;
}

function fingerprint(input: SubscriberInput, options: SubscriberOptions): string {
  return sha256Hex(JSON.stringify([input, options]));
}
