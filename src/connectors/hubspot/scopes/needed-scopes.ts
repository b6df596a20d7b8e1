/**
 * The scopes that flows need, as HubSpot's specifications name them (read 2026-11): worked out from the action, the
 * options, and the object types that a mapping of the flow's own names. What is asked for in vain costs a login or a
 * token, and what is not asked for suspends the connection at its first 403.
 */
import type { JsonValue } from '../../../kernel/json.ts';
import type { FlowUse } from '../../../kit/index.ts';
import type { CompanyOptions } from '../records/company-input.ts';
import type { EngagementOptions } from '../engagements/engagement-input.ts';
import type { EventOptions } from '../events/event-input.ts';
import { growingProperties } from '../records/record-options.ts';
import type { RecordOptions } from '../records/record-options.ts';
import { mappedObjects, mappedRefs, mayHave } from './mapped-types.ts';
import { objectScopes } from './object-scopes.ts';
import type { Access } from './object-scopes.ts';

/** Something that a flow does: with records of a type, which is undefined when events decide it, or by one scope. */
type Need = { readonly type: string | undefined; readonly accesses: readonly Access[] } | string;

const LINK: readonly Access[] = ['read', 'write'];
const UPSERT: readonly Access[] = ['read', 'write', 'readSchema'];
const LISTS: readonly Need[] = ['crm.lists.read', 'crm.lists.write'];
const EVENTS: readonly Need[] = [
  'analytics.behavioral_events.send',
  'behavioral_events.event_definitions.read_write',
];

/** By the id of the action. Options were parsed by the action's schema when the flow was made. */
const NEEDS: Readonly<Record<string, (flow: FlowUse) => readonly Need[]>> = {
  'upsert-contact': (flow) => [
    upsert('contacts', changesSchema(flow.options as RecordOptions)),
    ...linked(flow),
  ],
  'upsert-company': (flow) => {
    const options = flow.options as CompanyOptions;
    const keepsDomain =
      options.domain_property !== null && (flow.map === undefined || mayHave(flow.map, 'domain'));
    return [upsert('companies', keepsDomain || changesSchema(options)), ...linked(flow)];
  },
  'upsert-object': (flow) => [
    ...mappedObjects(flow.map ?? null).map((type) =>
      upsert(type, changesSchema(flow.options as RecordOptions)),
    ),
    ...linked(flow),
  ],
  associate: ({ map = null }) => {
    const refs = mappedRefs(map);
    // Both ends, or events say what they are.
    const ends = refs.length < 2 ? [...refs, { type: undefined }] : refs;
    return ends.map(({ type }) => ({ type, accesses: LINK }));
  },
  'send-event': ({ options, map }) => {
    const { contact, contact_traits: writesTraits } = options as EventOptions & { contact_traits?: boolean };
    const isWriting = map === undefined ? writesTraits === true : mayHave(map, 'contact_properties');
    return isWriting ? [...EVENTS, upsert('contacts', changesSchema(contact))] : EVENTS;
  },
  'add-to-list': member,
  'remove-from-list': member,
  'create-engagement': (flow) => [
    // HubSpot counts activities as contacts.
    upsert('contacts', (flow.options as EngagementOptions).key_property !== null),
    ...associated(flow.map ?? null, ['read']),
  ],
  'submit-form': () => ['forms'],
  'delete-contact': () => [{ type: 'contacts', accesses: LINK }],
};

function upsert(type: string | undefined, isSchemaChanged: boolean): Need {
  return { type, accesses: isSchemaChanged ? [...UPSERT, 'writeSchema'] : UPSERT };
}

/** Whether a flow may make properties, or options of them. */
function changesSchema(options: RecordOptions): boolean {
  const { ensure, schema, create_key: createsKey } = options;
  return ensure.length > 0 || schema === 'create' || createsKey || growingProperties(options).length > 0;
}

/** What a record is associated with in the same delivery: HubSpot wants to read and write both ends. */
function linked({ options, map }: FlowUse): readonly Need[] {
  if (map !== undefined) return associated(map, LINK);
  // Among the presets only that for group calls associates, and its option says whether.
  const { associate = false } = options as { readonly associate?: boolean };
  return associate ? [{ type: 'contacts', accesses: LINK }] : [];
}

function associated(map: JsonValue, accesses: readonly Access[]): readonly Need[] {
  const refs = mappedRefs(map);
  if (refs.length > 0) return refs.map(({ type }) => ({ type, accesses }));
  return mayHave(map, 'associations') ? [{ type: undefined, accesses }] : [];
}

/** A member that is given by its record id need not be looked up. */
function member({ map = null }: FlowUse): readonly Need[] {
  const refs = mappedRefs(map);
  const members = refs.length === 0 ? [{ type: undefined, isById: false }] : refs;
  return [
    ...LISTS,
    ...members.flatMap(({ type, isById }): readonly Need[] => (isById ? [] : [{ type, accesses: ['read'] }])),
  ];
}

function needsOf(flow: FlowUse): readonly Need[] {
  const needs = NEEDS[flow.preset.action.id];
  if (needs === undefined) throw new TypeError(`Nothing is known of the scopes of ${flow.preset.action.id}.`);
  return needs(flow);
}

/** The scopes behind a need; undefined where they cannot be told without an event. */
function scopesFor(need: Need): readonly string[] | undefined {
  if (typeof need === 'string') return [need];
  return need.type === undefined ? undefined : objectScopes(need.type, need.accesses);
}

// Every app has it, and every install must ask for it.
const BASE = 'oauth';

/** Each scope that these flows need, with the ids of their presets or actions. */
export function scopesOf(flows: readonly FlowUse[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>([[BASE, new Set(flows.map(({ preset }) => preset.id))]]);
  for (const flow of flows) {
    for (const need of needsOf(flow)) {
      for (const scope of scopesFor(need) ?? [])
        found.set(scope, (found.get(scope) ?? new Set()).add(flow.preset.id));
    }
  }
  return new Map([...found].map(([scope, ids]) => [scope, [...ids]]));
}

/** The object types of which these flows read records, as far as it does not depend on events. */
export function typesRead(flows: readonly FlowUse[]): readonly string[] {
  const types = flows
    .flatMap(needsOf)
    .flatMap((need) =>
      typeof need === 'object' && need.type !== undefined && need.accesses.includes('read')
        ? [need.type]
        : [],
    );
  return [...new Set(types)];
}

/** The flows that may need more: events decide which objects they are about, or a type is not known here. */
export function openFlows(flows: readonly FlowUse[]): readonly FlowUse[] {
  return flows.filter((flow) => needsOf(flow).some((need) => scopesFor(need) === undefined));
}
