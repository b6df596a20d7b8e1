import type { JsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { Item } from '../../../kit/index.ts';
import { isUnfit, toEpochMs } from '../records/property-value.ts';
import type { Definition } from './definitions.ts';
import type { EventInput } from './event-input.ts';
import { isUnusable, propertyName } from './event-name.ts';
import { toEventValue } from './event-value.ts';
import { PROPERTIES_MAX } from './property-types.ts';

/** An event in HubSpot's terms. */
export interface Occurrence {
  readonly item: Item<EventInput>;
  readonly name: string;
  readonly definition: Definition;
  readonly body: JsonObject;
  /** What was left out, for the outcome. */
  readonly notes: readonly string[];
}

/** Turns an input into what HubSpot takes, within the limits that would otherwise fail it. */
export function toOccurrence(
  item: Item<EventInput>,
  name: string,
  definition: Definition,
): Occurrence | Outcome {
  const { email, utk, object_id, occurred_at, uuid, properties } = item.input;
  if (occurred_at !== undefined && toEpochMs(occurred_at) === undefined) {
    const message = 'The time of the event is not ISO 8601 with a time zone.';
    return { kind: 'rejected', fault: { code: 'hubspot.INVALID_DATE', message } };
  }
  const { values, leftOut } = toValues(properties, definition);
  return {
    item,
    name,
    definition,
    body: {
      eventName: definition.fullName,
      ...(object_id === undefined ? {} : { objectId: object_id }),
      ...(email === undefined ? {} : { email }),
      ...(utk === undefined ? {} : { utk }),
      ...(occurred_at === undefined ? {} : { occurredAt: occurred_at }),
      ...(uuid === undefined ? {} : { uuid }),
      properties: values,
    },
    notes: [...leftOut].map(([reason, names]) => `Left out, ${reason}: ${names.join(', ')}.`),
  };
}

function toValues(
  properties: EventInput['properties'],
  definition: Definition,
): { readonly values: Record<string, string>; readonly leftOut: ReadonlyMap<string, readonly string[]> } {
  const values: Record<string, string> = {};
  const leftOut = new Map<string, string[]>();
  const leaveOut = (label: string, reason: string): void => {
    leftOut.set(reason, [...(leftOut.get(reason) ?? []), label]);
  };
  for (const [label, value] of Object.entries(properties)) {
    const name = propertyName(label);
    if (isUnusable(name)) {
      leaveOut(label, name.unusable);
      continue;
    }
    const property = definition.properties.get(name);
    const text = property === undefined ? { unfit: 'unknown to HubSpot' } : toEventValue(property, value);
    if (isUnfit(text)) leaveOut(label, text.unfit);
    else if (Object.hasOwn(values, name)) leaveOut(label, 'the same name as another one to HubSpot');
    else if (Object.keys(values).length === PROPERTIES_MAX) leaveOut(label, 'more than 50 properties');
    else values[name] = text;
  }
  return { values, leftOut };
}
