import type { JsonObject } from '../../../kernel/json.ts';
import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import type { Steps } from '../../../kit/index.ts';
import { findDefaultType, findLabelType } from '../associations/label-types.ts';
import type { AssociationType } from '../associations/label-types.ts';
import { singularOf } from '../records/object-types.ts';
import { refKey } from '../records/record-ref.ts';
import { SHAPES } from './engagement-input.ts';
import type { EngagementContext, EngagementInput, EngagementType } from './engagement-input.ts';

/**
 * The type ids of an engagement's default association with what it is mostly about (developers.hubspot.com, associations
 * v4, association type ids, read 2026-11). Those with other objects differ from account to account and are looked up.
 */
const DEFAULT_TYPES: Readonly<Record<EngagementType, Readonly<Record<string, number>>>> = {
  call: { contacts: 194, companies: 182, deals: 206, tickets: 220 },
  email: { contacts: 198, companies: 186, deals: 210, tickets: 224 },
  meeting: { contacts: 200, companies: 188, deals: 212, tickets: 226 },
  note: { contacts: 202, companies: 190, deals: 214, tickets: 228 },
  task: { contacts: 204, companies: 192, deals: 216, tickets: 230 },
};

export type Associated =
  | { readonly kind: 'associations'; readonly associations: readonly JsonObject[] }
  /** A record is not there (yet). */
  | { readonly kind: 'missing'; readonly fault: Fault }
  | Extract<Outcome, { kind: 'rejected' | 'retry' }>;

/** The associations of an engagement as a create takes them. */
export function* toAssociations(
  { type, associations }: EngagementInput,
  ids: ReadonlyMap<string, string | undefined>,
  context: EngagementContext,
): Steps<Associated> {
  const made: JsonObject[] = [];
  for (const { to, label } of associations) {
    const id = ids.get(refKey(to));
    if (id === undefined) {
      const found = to.by === 'id' ? 'this record id' : `this ${to.by}`;
      const message = `HubSpot has no ${singularOf(to.type)} with ${found}, which the ${type} belongs to.`;
      return { kind: 'missing', fault: { code: 'hubspot.record_missing', message } };
    }
    const found = yield* typeOf(type, to.type, label, context);
    if ('kind' in found) return found;
    made.push({ to: { id }, types: [{ ...found }] });
  }
  return { kind: 'associations', associations: made };
}

function* typeOf(
  type: EngagementType,
  to: string,
  label: string | undefined,
  context: EngagementContext,
): Steps<AssociationType | Extract<Outcome, { kind: 'rejected' | 'retry' }>> {
  const from = SHAPES[type].plural;
  if (label !== undefined) {
    return yield* findLabelType({ from, to, label, isCreated: context.options.create_label }, context);
  }
  const known = DEFAULT_TYPES[type][to];
  if (known !== undefined) return { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: known };
  return yield* findDefaultType(from, to, context);
}
