import { z } from 'zod';
import { definePreset } from '../../../kit/index.ts';
import { upsertCompany } from '../actions/upsert-company.ts';
import { companyDomain } from './company-domain.ts';
import { companyProperties, EMPLOYEE_RANGES } from './company-traits.ts';
import { contactKey } from './contact-key.ts';
import { groupIdProperty, traitTargets, userIdProperty } from './preset-options.ts';
import { objectAt, traitOf } from './traits.ts';

const options = upsertCompany.options.extend({
  group_id_property: groupIdProperty,
  user_id_property: userIdProperty,
  associate: z.boolean().default(true).describe('Whether the contact of the user is associated.'),
  employee_range: z
    .enum(EMPLOYEE_RANGES)
    .default('leave_out')
    .describe('What becomes of employees sent as a range such as 51-200, since the property is a number.'),
  traits: traitTargets,
});

/**
 * Segment's group calls as its own HubSpot destination reads them
 * (segment.com/docs/connections/destinations/catalog/hubspot, "Group", read 2026-11), from every kind of source.
 */
export const group = definePreset({
  id: 'hubspot/group',
  title: 'Segment group calls into HubSpot companies',
  summary:
    'Writes traits to the company of the domain of their website, and associates the contact of the user.',
  action: { ...upsertCompany, options },
  when: { types: ['group'] },
  // Besides a key, the domain is a property like others, and a company may have chosen another of its domains.
  options: { rules: { domain: 'if_empty' } },
  map: ({ payload, occurredAt }, own) => {
    const traits = objectAt(payload, 'traits');
    const website = traitOf(traits, 'website');
    const domain = typeof website === 'string' ? companyDomain(website) : undefined;
    const groupId = payload['groupId'];
    const key =
      own.group_id_property === undefined || typeof groupId !== 'string'
        ? undefined
        : { by: own.group_id_property, value: groupId };
    if (domain === undefined && key === undefined) return { kind: 'skip', reason: reasonWithout(website) };
    const company = companyProperties(traits, own.employee_range, own.traits);
    const contact = own.associate ? contactKey(payload, 'group', own.user_id_property) : undefined;
    return {
      kind: 'input',
      input: {
        ...(domain === undefined ? {} : { domain }),
        ...(key === undefined ? {} : { key }),
        properties: {
          ...(domain === undefined || key === undefined ? {} : { domain }),
          ...company.properties,
        },
        occurred_at: occurredAt,
        ...(contact === undefined ? {} : { associations: [{ to: { type: 'contacts', ...contact } }] }),
      },
      notes: [...company.notes, ...(own.associate && contact === undefined ? [NO_CONTACT] : [])],
    };
  },
});

const NO_CONTACT =
  'No contact was associated: neither context.traits.email nor the userId is an e-mail address, and the flow names no user_id_property.';

function reasonWithout(website: unknown): string {
  return website === undefined || website === null || website === ''
    ? 'The call has no traits.website, whose domain identifies the company.'
    : 'traits.website is no full web address such as https://www.example.com, whose domain identifies the company.';
}
