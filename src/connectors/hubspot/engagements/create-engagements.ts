import { z } from 'zod';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { findRecords } from '../associations/find-records.ts';
import { inHalves } from '../in-halves.ts';
import { Catalogue, dropCatalogue, loadCatalogue } from '../records/catalogue.ts';
import { createProperty, ensureGroup } from '../records/create-property.ts';
import type { RecordContext } from '../records/record-context.ts';
import { recordOptionsShape } from '../records/record-options.ts';
import { waitForRecord } from '../wait-for-record.ts';
import { toAssociations } from './engagement-associations.ts';
import { hasTime, toDraft, valuesOf } from './engagement-draft.ts';
import type { Draft } from './engagement-draft.ts';
import { SHAPES } from './engagement-input.ts';
import type { EngagementContext, EngagementInput } from './engagement-input.ts';
import { createBatch, readByKey } from './write-engagements.ts';
import type { Where, Written } from './write-engagements.ts';

/**
 * Creates notes, calls, emails, meetings and tasks, one call per type. The key of each is kept in a unique property,
 * so that what an earlier attempt or another replay created is found and left as it is: people may have edited it.
 */
export function* createEngagements(
  batch: readonly Item<EngagementInput>[],
  context: EngagementContext,
): Steps<readonly Outcome[]> {
  const outcomes = new Map<Item<EngagementInput>, Outcome>();
  const ids = yield* findRecords(
    batch.flatMap(({ input }) => input.associations.map(({ to }) => to)),
    context,
  );
  const types = new Map<string, { item: Item<EngagementInput>; associations: Draft['associations'] }[]>();
  for (const item of batch) {
    const { input, attempt } = item;
    if (!hasTime(input)) {
      outcomes.set(item, NO_TIME);
      continue;
    }
    const associated = yield* toAssociations(input, ids, context);
    if (associated.kind === 'missing') {
      outcomes.set(item, waitForRecord(attempt, context.options.wait_attempts, associated.fault));
    } else if (associated.kind === 'associations') {
      const { plural } = SHAPES[input.type];
      types.set(plural, [...(types.get(plural) ?? []), { item, ...associated }]);
    } else outcomes.set(item, associated);
  }
  for (const [objectType, ready] of types) {
    for (const [item, outcome] of yield* createOfType(objectType, ready, context))
      outcomes.set(item, outcome);
  }
  return batch.map((item) => outcomes.get(item) ?? NO_TIME);
}

// Nothing of what a flow may set for upserts applies to what is only ever created.
const NO_OPTIONS = z.strictObject(recordOptionsShape).parse({});

function* createOfType(
  objectType: string,
  ready: readonly { readonly item: Item<EngagementInput>; readonly associations: Draft['associations'] }[],
  context: EngagementContext,
): Steps<ReadonlyMap<Item<EngagementInput>, Outcome>> {
  const { key_property: keyProperty } = context.options;
  const recordContext: RecordContext = { ...context, options: NO_OPTIONS, type: objectType };
  const catalogue = yield* catalogueFor(
    ready.flatMap(({ item }) => Object.keys(valuesOf(item.input, keyProperty))),
    keyProperty,
    recordContext,
  );
  if (!(catalogue instanceof Catalogue)) return new Map(ready.map(({ item }) => [item, catalogue]));

  const drafts = ready.map(({ item, associations }) => toDraft(item, associations, catalogue, keyProperty));
  const where: Where = { settings: context.settings, objectType, keyProperty };
  // A first attempt can have created them without our hearing of it.
  const isRepeated = drafts.some(({ item }) => item.attempt > 1);
  const there = isRepeated ? yield* readByKey(drafts, where) : new Map<Draft, Written>();
  const created = yield* inHalves(
    drafts.filter((draft) => !there.has(draft)),
    (part) => createBatch(part, where),
  );
  const outcomes = new Map<Item<EngagementInput>, Outcome>();
  for (const [draft, written] of [...there, ...created]) {
    outcomes.set(draft.item, toOutcome(draft, written, catalogue, recordContext));
  }
  return outcomes;
}

/** The properties of the type, the one for keys among them. */
function* catalogueFor(
  names: readonly string[],
  keyProperty: string | null,
  context: RecordContext,
): Steps<Catalogue | Outcome> {
  const catalogue = yield* loadCatalogue(context, names);
  if (!(catalogue instanceof Catalogue) || keyProperty === null || catalogue.get(keyProperty) !== undefined)
    return catalogue;
  const group = context.options.schema_group;
  yield* ensureGroup(group, context);
  const created = yield* createProperty(
    {
      name: keyProperty,
      label: 'Linchpin key',
      type: 'string',
      fieldType: 'text',
      groupName: group,
      description: 'Says which event this was created from, so that it is created once.',
      hasUniqueValue: true,
    },
    catalogue,
    context,
  );
  if (created.kind === 'created') return catalogue;
  dropCatalogue(context);
  if (created.kind === 'taken') {
    const message = `HubSpot says the property ${keyProperty} exists, but did not list it.`;
    return { kind: 'retry', fault: { code: 'hubspot.property_hidden', message } };
  }
  // Retrying cannot help, and going on without the property would create doubles.
  const message = `HubSpot refused to create the property ${keyProperty} of ${context.type}; key_property: null does without. ${created.fault.message}`;
  return { kind: 'suspended', fault: { ...created.fault, message } };
}

// What HubSpot says when the catalogue of properties is out of date, or the value unfit.
const PROPERTY_CODES = new Set(['PROPERTY_DOESNT_EXIST', 'INVALID_OPTION', 'READ_ONLY_VALUE']);

function toOutcome(
  { notes }: Draft,
  written: Written,
  catalogue: Catalogue,
  context: RecordContext,
): Outcome {
  switch (written.kind) {
    case 'created':
    case 'there': {
      const all = written.kind === 'there' ? ['created before', ...notes] : notes;
      return {
        kind: 'delivered',
        ...(written.id === undefined ? {} : { remoteId: written.id }),
        ...(all.length === 0 ? {} : { notes: all }),
      };
    }
    case 'taken':
    case 'failed': {
      const isNews = catalogue.fetchedAtMs < context.nowMs && PROPERTY_CODES.has(written.code ?? '');
      if (!isNews) return written.outcome;
      dropCatalogue(context);
      return { kind: 'retry', fault: written.outcome.fault };
    }
  }
}

const NO_TIME: Outcome = {
  kind: 'rejected',
  fault: {
    code: 'hubspot.INVALID_DATE',
    message: 'The time of the engagement is neither ISO 8601 with a time zone nor epoch milliseconds.',
  },
};
