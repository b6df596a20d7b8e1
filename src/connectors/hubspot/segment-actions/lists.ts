/** The list that `upsertObject` keeps a record on or off. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonValue } from '../../../kernel/json.ts';
import type { Draft } from './draft.ts';
import { expressionOf } from './expression.ts';
import { Fields } from './fields.ts';
import { segmentSteps, toPath } from './segment-path.ts';

/** The record of the mapping: its type and property as they are, the value as Segment and as Linchpin write it. */
export interface Member {
  readonly type: string;
  readonly by: string;
  readonly written: JsonValue;
  readonly value: JsonValue;
}

/** A flow of its own, since the list is changed by another call. */
export function listDrafts(fields: Fields, member: Member): readonly Draft[] {
  const raw = fields.raw('list_details');
  if (!isJsonObject(raw)) return [];
  const details = new Fields(raw, fields.place.at('list_details'));
  const create = details.raw('should_create_list') ?? false;
  const isOfEngage = details.raw('connected_to_engage_audience');
  if (typeof create !== 'boolean' || (isOfEngage !== undefined && typeof isOfEngage !== 'boolean')) {
    details.place.leaveOut(
      'Whether the list is of Engage, or is created, is not fixed. There is no flow for the list.',
    );
    return [];
  }
  const change = isOfEngage === true ? engageChange(details, member) : givenChange(details, member);
  return change === undefined
    ? []
    : [{ ...change, action: 'hubspot/add-to-list', options: { create }, suffix: 'list' }];
}

type Change = Pick<Draft, 'map' | 'when'>;

/** A list by name, and true or false for in or out; Segment does nothing where either is missing. */
function givenChange(details: Fields, { type, by, value }: Member): Change | undefined {
  const [isMember, written] = [details.get('list_action'), details.raw('list_action')];
  if (details.raw('list_name') === undefined || isMember === undefined) return undefined;
  const name = details.get('list_name');
  if (name === undefined) return undefined;
  const map = { list: { name }, member: { type, by, value }, is_member: isMember };
  if (typeof isMember === 'boolean') return { map };
  const path = isJsonObject(written) ? written['@path'] : undefined;
  if (typeof path !== 'string') {
    return details.place.at('list_action').leaveOut('Only a path says here whether a record is in or out.');
  }
  const at = toPath(segmentSteps(path));
  return {
    map,
    when: {
      any: [
        { path: at, is_true: true },
        { path: at, is_false: true },
      ],
    },
  };
}

// The classes of Engage whose events tell of a membership (@segment/actions-core 3.170, read 2026-11).
const CLASSES = ['audience', 'journey_step'];
const KEY = 'context.personas.computation_key';

/** The key of the audience names the list, and the trait or property of that name says whether one is in it. */
function engageChange(details: Fields, { type, by, written }: Member): Change | undefined {
  const value = expressionOf(written);
  const given = details.raw('list_name');
  const name = given === undefined || given === '' ? KEY : expressionOf(given);
  if (value === undefined || name === undefined) {
    return details.place.leaveOut('The id of the record, or the name of the list, is more than a path.');
  }
  const member = `{ "type": ${JSON.stringify(type)}, "by": ${JSON.stringify(by)}, "value": ${value} }`;
  return {
    map: {
      $formula:
        `($in := $lookup($exists(properties) ? properties : traits, ${KEY}); $type($in) = "boolean" ? ` +
        `{ "list": { "name": ${name} }, "member": ${member}, "is_member": $in })`,
    },
    when: { path: 'context.personas.computation_class', equals_any_of: CLASSES },
  };
}
