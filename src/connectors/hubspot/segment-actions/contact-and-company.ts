/** The actions `upsertContact` and `upsertCompany`. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { Fields } from './fields.ts';
import type { Draft } from './draft.ts';
import { segmentSteps, toFormulaPath } from './segment-path.ts';

const CONTACT_TEXTS = [
  'firstname',
  'lastname',
  'phone',
  'address',
  'city',
  'state',
  'country',
  'zip',
  'website',
] as const;

export function upsertContact(fields: Fields): readonly Draft[] {
  const email = fields.get('email');
  if (email === undefined) return noFlow(fields, 'email', 'No e-mail address, by which contacts are found.');
  fields.leaveOutAllBut([
    ...CONTACT_TEXTS,
    'company',
    'email',
    'lifecyclestage',
    'properties',
    'enable_batching',
  ]);
  return [
    {
      action: 'hubspot/upsert-contact',
      map: {
        email,
        properties: properties(fields, { ...company(fields), ...fields.trimmed(CONTACT_TEXTS) }),
      },
      // Segment blanks the stage and sets it again where it moves back.
      options: fields.raw('lifecyclestage') === undefined ? {} : { lifecycle: 'any' },
    },
  ];
}

function company(fields: Fields): JsonObject {
  const written = fields.get('company');
  if (written === undefined) return {};
  return { company: typeof written === 'object' ? { $trim: companyName(written) } : written };
}

/**
 * Segment's mapping for the company of a contact is `$.traits.company` unless somebody changed it, which in its
 * specification of identify calls is an object (segment.com/docs/connections/spec/identify, read 2026-11). HubSpot's
 * property is a text: of an object it gets the name, and a text stays as it is.
 */
function companyName(mapping: JsonValue): JsonValue {
  if (!isJsonObject(mapping)) return mapping;
  const { $path: path, $default: several, $if: choice } = mapping;
  if (Array.isArray(several)) return { $default: several.map(companyName) };
  if (isJsonObject(choice)) {
    const { then = null, else: otherwise } = choice;
    return {
      $if: {
        ...choice,
        then: companyName(then),
        ...(otherwise === undefined ? {} : { else: companyName(otherwise) }),
      },
    };
  }
  const at = typeof path === 'string' ? toFormulaPath(segmentSteps(path)) : undefined;
  return at === undefined ? mapping : { $formula: `$type(${at}) = "object" ? ${at}.name : ${at}` };
}

const COMPANY_TEXTS = [
  'name',
  'description',
  'address',
  'city',
  'state',
  'zip',
  'domain',
  'phone',
  'industry',
] as const;

/** The property in which Segment keeps its group ids, hidden and unique. */
const GROUP_ID = 'segment_group_id';

export function upsertCompany(fields: Fields): readonly Draft[] {
  const groupId = fields.get('groupid');
  if (groupId === undefined) return noFlow(fields, 'groupid', 'No group id, by which companies are found.');
  fields.leaveOutAllBut([
    ...COMPANY_TEXTS,
    'numberofemployees',
    'groupid',
    'lifecyclestage',
    'properties',
    'createNewCompany',
    'associateContact',
    'companysearchfields',
  ]);
  if (fields.raw('createNewCompany') === false) {
    fields.place.at('createNewCompany').differs('A company that HubSpot does not have is created.');
  }
  if (fields.raw('companysearchfields') !== undefined) {
    fields.place
      .at('companysearchfields')
      .leaveOut(
        `Companies are found by ${GROUP_ID} alone; one that does not have it yet is not searched for by other fields.`,
      );
  }
  return [
    {
      action: 'hubspot/upsert-company',
      map: {
        key: { by: GROUP_ID, value: groupId },
        properties: properties(fields, {
          ...fields.trimmed(COMPANY_TEXTS),
          ...fields.filled(['numberofemployees']),
        }),
        ...associations(fields),
      },
      options: {
        create_key: true,
        ...(fields.raw('lifecyclestage') === undefined ? {} : { lifecycle: 'any' }),
      },
    },
  ];
}

/** The contact that Segment has from an identify call of the same transaction. */
function associations(fields: Fields): JsonObject {
  if (fields.raw('associateContact') === false) return {};
  fields.place
    .at('associateContact')
    .differs(
      'Segment associates the contact that an upsertContact mapping wrote for the same event; Linchpin the one of context.traits.email, or of traits.email of an identify call, and waits until it is there.',
    );
  const contact = (path: string): JsonValue => [
    { to: { type: 'contacts', by: 'email', value: { $path: path } } },
  ];
  return {
    associations: {
      $case: {
        of: [
          { when: { path: 'context.traits.email', exists: true }, then: contact('context.traits.email') },
          {
            when: {
              all: [
                { path: 'type', equals: 'identify' },
                { path: 'traits.email', exists: true },
              ],
            },
            then: contact('traits.email'),
          },
        ],
      },
    },
  };
}

/** Fields of their own under "other properties", which win. Of both, what is empty stays out, as in Segment. */
function properties(fields: Fields, filled: JsonObject): JsonValue {
  const stage = fields.get('lifecyclestage');
  const own = {
    $omit_blank: {
      ...filled,
      ...(stage === undefined ? {} : { lifecyclestage: { $trim: { $lower: stage } } }),
    },
  };
  const others = fields.get('properties');
  return others === undefined ? own : { $merge: [own, { $omit_null: others }] };
}

function noFlow(fields: Fields, name: string, reason: string): readonly Draft[] {
  fields.place.at(name).leaveOut(`${reason} There is no flow for this mapping.`);
  return [];
}
