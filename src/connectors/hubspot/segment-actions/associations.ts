/** Associations that a Segment mapping makes along with a record. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { Place } from './place.ts';
import { presenceOf } from './presence.ts';
import { translate } from './translate.ts';

/** The list as the mapping has it: one by one, or one for each item of a list in the event. */
export function associationsOf(written: JsonValue | undefined, place: Place): JsonValue | undefined {
  if (written === undefined) return undefined;
  if (Array.isArray(written)) {
    const entries: readonly JsonValue[] = written;
    const read = entries.map((entry, index) => associationOf(entry, place.at(index)));
    const made = read.filter((entry) => entry !== undefined);
    return made.length === 0 ? undefined : made;
  }
  const list = isJsonObject(written) ? written['@arrayPath'] : undefined;
  if (!Array.isArray(list)) return associationsOf([written], place);
  const [of, shape] = list as readonly (JsonValue | undefined)[];
  const at = place.at('@arrayPath');
  const items = translate(typeof of === 'string' ? { '@path': of } : (of ?? null), at.at(0));
  const as = associationOf(shape ?? null, at.at(1));
  return items === undefined || as === undefined ? undefined : { $each: { of: items, as } };
}

function associationOf(written: JsonValue, place: Place): JsonValue | undefined {
  if (!isJsonObject(written)) return place.leaveOut('This is no association.');
  const { object_type: type, association_label: label, id_field_name: by, id_field_value: value } = written;
  if (typeof type !== 'string' || typeof by !== 'string' || value === undefined) {
    return place.leaveOut('An association needs object_type, id_field_name and id_field_value.');
  }
  const translated = translate(value, place.at('id_field_value'));
  if (translated === undefined) return undefined;
  const association = {
    to: { type, by: keyName(by), value: translated },
    ...labelOf(label, place.at('association_label')),
  };
  // Segment passes over associations without a value.
  const condition = presenceOf(value, 'blank');
  if (condition === false) return undefined;
  return condition === true || condition === undefined
    ? association
    : { $if: { condition, then: association } };
}

/** Segment's name of the record id. */
export function keyName(name: string): string {
  return name === 'hs_object_id' ? 'id' : name;
}

// HubSpot's own associations: of the company that is a record's primary one, and the reverse
// (developers.hubspot.com, associations v4, association type ids, read 2026-11).
const PRIMARY = new Set(['1', '2', '5', '6', '25', '26']);
// … and those without a label.
const UNLABELLED = new Set('3 4 15 16 19 20 27 28 279 280 339 340 341 342 449 450 451 452'.split(' '));

/** Segment names a label by category and number, `USER_DEFINED:37`; Linchpin by the text that HubSpot shows. */
export function labelOf(label: JsonValue | undefined, place: Place): JsonObject {
  if (label === undefined || label === '' || label === null) return {};
  const [category, id = ''] = typeof label === 'string' ? label.split(':') : [];
  if (category === 'HUBSPOT_DEFINED' && PRIMARY.has(id)) return { label: 'Primary' };
  if (category === 'HUBSPOT_DEFINED' && UNLABELLED.has(id)) return {};
  place.leaveOut(
    'Labels are named as HubSpot shows them and not by number: write the text as "label", or the records are associated without one.',
  );
  return {};
}
