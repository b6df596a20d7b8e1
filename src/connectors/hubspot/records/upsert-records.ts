import type { Outcome } from '../../../kernel/outcome.ts';
import { claim } from '../../../kit/index.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { Catalogue, ensureProperties, loadCatalogue } from './catalogue.ts';
import type { ContactContext } from './record-context.ts';
import type { ContactInput } from './record-input.ts';
import { decide } from './decide.ts';
import { isEmail, toDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { canWriteUnread, forget, knownId, remember } from './known-records.ts';
import { addOptions, findMissingOptions, namedOptions } from './property-options.ts';
import type { MissingOptions } from './property-options.ts';
import { readByEmail } from './read-records.ts';
import { deliveredOutcome, toTask, toUnreadTask } from './task.ts';
import type { Task } from './task.ts';
import { writeInRounds } from './write-rounds.ts';

const NO_EMAIL: Outcome = {
  kind: 'rejected',
  fault: { code: 'hubspot.INVALID_EMAIL', message: 'The e-mail address has no form that HubSpot accepts.' },
};

const UNREADABLE: Outcome = {
  kind: 'retry',
  fault: {
    code: 'hubspot.unexpected_answer',
    message: 'HubSpot answered a read of contacts in an unknown form.',
  },
};

/**
 * Brings up to 100 contacts to the state that their inputs ask for. In steady state one call: contacts that
 * HubSpot is known to have are written unread. New ones, and those with a rule that looks at the record, cost
 * a read before. What HubSpot already holds is not written.
 */
export function* upsertContacts(
  batch: readonly Item<ContactInput>[],
  context: ContactContext,
): Steps<readonly Outcome[]> {
  const items = batch.filter(({ input }) => isEmail(input.email.trim()));
  const outcomes = items.length === 0 ? new Map<string, Outcome>() : yield* deliverItems(items, context);
  return batch.map(({ traceId }) => outcomes.get(traceId) ?? NO_EMAIL);
}

function* deliverItems(
  items: readonly Item<ContactInput>[],
  context: ContactContext,
): Steps<Map<string, Outcome>> {
  const all = (outcome: Outcome) => new Map(items.map(({ traceId }) => [traceId, outcome]));
  const inputs = items.map(({ input }) => input);
  const catalogue = yield* currentCatalogue(inputs, context);
  if (!(catalogue instanceof Catalogue)) return all(catalogue);

  const missing = findMissingOptions(inputs, catalogue, context.options.add_options);
  const growing = new Set(missing.keys());
  const drafts = items.map((item) => toDraft(item, catalogue, context.options, growing));
  const names = new Set(drafts.flatMap(({ wishes }) => wishes.map(({ property }) => property.name)));

  const isUnread = canWriteUnread(drafts, context);
  let tasks = isUnread
    ? drafts.map((draft) => toUnreadTask(draft, knownId(draft, context)))
    : yield* lookUp(drafts, names, context);
  if (tasks === undefined) return all(UNREADABLE);

  if (tasks.some(({ decision }) => decision.isChange)) {
    const waited = yield* claim(claimKeys(tasks, missing));
    if (waited && !isUnread) tasks = yield* lookUp(drafts, names, context);
    if (tasks === undefined) return all(UNREADABLE);
    const refused = yield* growOptions(missing, catalogue, context);
    if (refused.size > 0) {
      const grown = new Set([...growing].filter((name) => !refused.has(name)));
      tasks = tasks.map((task) => onDraft(task, toDraft(task.draft.item, catalogue, context.options, grown)));
    }
  }

  const written = yield* writeInRounds(
    tasks.filter(({ decision }) => decision.isChange),
    names,
    catalogue,
    context,
  );
  return new Map([...settleUnchanged(tasks, context), ...written]);
}

function* currentCatalogue(
  inputs: readonly ContactInput[],
  context: ContactContext,
): Steps<Catalogue | Outcome> {
  const catalogue = yield* loadCatalogue(context, namesIn(inputs));
  if (!(catalogue instanceof Catalogue)) return catalogue;
  return yield* ensureProperties(
    catalogue,
    ({ name, field_type }) =>
      context.options.add_options.includes(name) ? namedOptions(inputs, name, field_type === 'checkbox') : [],
    context,
  );
}

function* namesIn(inputs: readonly ContactInput[]): Iterable<string> {
  for (const { properties } of inputs) yield* Object.keys(properties);
}

function* lookUp(
  drafts: readonly Draft[],
  names: ReadonlySet<string>,
  context: ContactContext,
): Steps<readonly Task[] | undefined> {
  const records = yield* readByEmail(
    drafts.map(({ email }) => email),
    names,
    context,
  );
  return records === undefined
    ? undefined
    : drafts.map((draft) => toTask(draft, records.get(draft.email) ?? null));
}

/** All that the run will change, claimed together: a claim may be made only once. */
function claimKeys(tasks: readonly Task[], missing: MissingOptions): readonly string[] {
  const records = tasks.filter(({ decision }) => decision.isChange).map(({ recordKey }) => recordKey);
  return [...new Set([...records, ...[...missing.keys()].map((name) => `contact-options:${name}`)])];
}

/** Adds the missing options; returns the properties that did not take theirs. */
function* growOptions(
  missing: MissingOptions,
  catalogue: Catalogue,
  context: ContactContext,
): Steps<ReadonlySet<string>> {
  const refused = new Set<string>();
  for (const [name, options] of missing) {
    const isGrown = yield* addOptions(name, options, catalogue, context);
    if (!isGrown) refused.add(name);
  }
  return refused;
}

function onDraft(task: Task, draft: Draft): Task {
  return { ...task, draft, decision: decide(draft, task.record) };
}

function settleUnchanged(tasks: readonly Task[], context: ContactContext): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const task of tasks) {
    const { record, draft, decision } = task;
    if (decision.isChange || record === null || record === undefined) continue;
    if (record.email === draft.email) remember(draft, record.id, context);
    else forget(draft, context);
    outcomes.set(draft.item.traceId, deliveredOutcome(task, record.id, 'unchanged'));
  }
  return outcomes;
}
