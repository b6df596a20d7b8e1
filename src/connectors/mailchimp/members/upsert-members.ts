import type { Outcome } from '../../../kernel/outcome.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { ensureFields } from '../fields/catalogue.ts';
import type { FieldCatalogue } from '../fields/catalogue.ts';
import { batchMembers, travelsTogether } from './batch-members.ts';
import { toDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { isUnchanged } from './known-members.ts';
import { listOf } from './member-input.ts';
import type { MemberContext, MemberInput } from './member-input.ts';
import { putMember } from './put-member.ts';

type Batch = readonly Item<MemberInput>[];
type Outcomes = Map<Item<MemberInput>, Outcome>;

// A contact in trouble costs itself an attempt, and not the hundreds that travel with it; several in one run say that
// Mailchimp itself is in trouble, which the engine must hear of.
const TROUBLES_MAX = 3;

/**
 * Writes contacts, audience by audience. Those that Mailchimp showed lately go in one call; each of the others needs
 * its own, because only that can make a contact without changing the status of one that exists.
 */
export function* upsertMembers(batch: Batch, context: MemberContext): Steps<readonly Outcome[]> {
  const outcomes: Outcomes = new Map();
  const changed = batch.filter(({ input }) => !isUnchanged(input, context));
  for (const list of new Set(changed.map(({ input }) => listOf(input, context)))) {
    const items = changed.filter(({ input }) => listOf(input, context) === list);
    yield* writeTo(list, items, outcomes, context);
  }
  return batch.map((item) => outcomes.get(item) ?? { kind: 'delivered', notes: ['unchanged'] });
}

function* writeTo(list: string, items: Batch, outcomes: Outcomes, context: MemberContext): Steps<void> {
  const fields = yield* fieldsFor(list, items, context);
  if ('kind' in fields) {
    for (const item of items) outcomes.set(item, fields);
    return;
  }
  const drafts = items.map((item) => toDraft(item, list, fields));
  const together = drafts.filter(({ item }) => travelsTogether(item.input, list, context));
  const settled: ReadonlyMap<Draft, Outcome> =
    together.length > 1 ? yield* batchMembers(together, list, context) : new Map();
  // One that travels alone leaves its trouble to the engine.
  const patience = { left: items.length > 1 ? TROUBLES_MAX : 0 };
  for (const draft of drafts) {
    outcomes.set(draft.item, settled.get(draft) ?? (yield* putMember(draft, patience, context)));
  }
}

/** Contacts without merge fields need to know of none. */
function* fieldsFor(list: string, items: Batch, context: MemberContext): Steps<FieldCatalogue | Outcome> {
  const tags = new Set(items.flatMap(({ input }) => Object.keys(input.merge_fields)));
  if (tags.size === 0) return { fields: new Map(), refusals: new Map() };
  return yield* ensureFields(list, tags, { ensure: context.options.ensure, cache: context.cache });
}
