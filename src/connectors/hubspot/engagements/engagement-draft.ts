import type { JsonObject } from '../../../kernel/json.ts';
import type { Item } from '../../../kit/index.ts';
import type { Catalogue } from '../records/catalogue.ts';
import { isUnfit, toEpochMs, toPropertyValue } from '../records/property-value.ts';
import { SHAPES } from './engagement-input.ts';
import type { EngagementInput } from './engagement-input.ts';

type Value = EngagementInput['properties'][string];

/** An engagement in HubSpot's terms. */
export interface Draft {
  readonly item: Item<EngagementInput>;
  readonly properties: Readonly<Record<string, string>>;
  readonly associations: readonly JsonObject[];
  /** What was left out, for the outcome. */
  readonly notes: readonly string[];
}

/** The properties of an engagement as far as HubSpot takes them, by the account's own catalogue. */
export function toDraft(
  item: Item<EngagementInput>,
  associations: readonly JsonObject[],
  catalogue: Catalogue,
  keyProperty: string | null,
): Draft {
  const leftOut = new Map<string, string[]>();
  const properties: Record<string, string> = {};
  if (item.input.title !== undefined && SHAPES[item.input.type].title === undefined) {
    leftOut.set(`which a ${item.input.type} does not have`, ['title']);
  }
  for (const [name, value] of Object.entries(valuesOf(item.input, keyProperty))) {
    const property = catalogue.get(name);
    const text =
      property === undefined
        ? { unfit: 'unknown to HubSpot' }
        : property.isWritable
          ? toPropertyValue(property, value, false)
          : { unfit: 'read-only in HubSpot' };
    if (isUnfit(text)) leftOut.set(text.unfit, [...(leftOut.get(text.unfit) ?? []), name]);
    // There is nothing to clear on what is about to be created.
    else if (text !== '') properties[name] = text;
  }
  const notes = [...leftOut].map(([reason, names]) => `Left out, ${reason}: ${names.join(', ')}.`);
  return { item, properties, associations, notes };
}

/** Every property that an input gives a value, by its internal name. */
export function valuesOf(
  input: EngagementInput,
  keyProperty: string | null,
): Readonly<Record<string, Value>> {
  const { title: titleName, body: bodyName, defaults } = SHAPES[input.type];
  const { title, body, owner_id, occurred_at, key, type, properties } = input;
  return {
    ...defaults,
    hs_timestamp: occurred_at,
    ...(type === 'meeting' ? { hs_meeting_start_time: occurred_at } : {}),
    ...(title === undefined || titleName === undefined ? {} : { [titleName]: title }),
    ...(body === undefined ? {} : { [bodyName]: body }),
    ...(owner_id === undefined ? {} : { hubspot_owner_id: owner_id }),
    ...properties,
    ...(keyProperty === null ? {} : { [keyProperty]: key }),
  };
}

/** Without a time HubSpot would take no engagement, and a guessed one would stand in a timeline. */
export function hasTime({ occurred_at }: EngagementInput): boolean {
  return toEpochMs(occurred_at) !== undefined;
}
