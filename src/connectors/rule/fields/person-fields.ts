/** Who the subscriber is, and where. Names and meanings are in the table of the README. */
import type { Subscriber } from '../../../subscribers/index.ts';
import { inGroup } from './field-rows.ts';
import type { FieldRow, GroupRow } from './field-rows.ts';

export const PERSON_FIELDS: readonly FieldRow[] = [
  // The publisher's own fields: what the platform does not know is not taken away.
  ...inGroup('Subscriber', [
    { name: 'FirstName', value: ({ person }) => person.firstName ?? undefined },
    { name: 'LastName', value: ({ person }) => person.lastName ?? undefined },
  ]),
  ...inGroup('Sesamy_User', [
    { name: 'FirstName', value: ({ person }) => person.firstName },
    { name: 'LastName', value: ({ person }) => person.lastName },
    { name: 'ID', value: ({ person }) => person.userId },
    { name: 'Created', type: 'datetime', value: ({ person }) => person.createdAt },
    { name: 'Company', value: ({ person }) => person.company },
    { name: 'Language', value: ({ person }) => person.locale },
    { name: 'LastActiveAt', type: 'datetime', value: ({ person }) => person.lastActiveAt },
  ]),
  ...inGroup('Sesamy_BillingAddress', addressRows('billing')),
  ...inGroup('Sesamy_DeliveryAddress', addressRows('delivery')),
];

/**
 * "Only when a billing address exists" (developers.sesamy.com/integrations/built-in/rule.html, read 2026-11): one that was
 * removed stays in Rule. One that is there is written whole, so that no part of an older one stays beside it.
 */
function addressRows(kind: keyof Subscriber['addresses']): readonly GroupRow[] {
  const part =
    (name: keyof NonNullable<Subscriber['addresses']['billing']>): GroupRow['value'] =>
    ({ addresses }) =>
      addresses[kind]?.[name];
  return [
    { name: 'FirstName', value: part('firstName') },
    { name: 'LastName', value: part('lastName') },
    { name: 'Street', value: part('street') },
    { name: 'City', value: part('city') },
    { name: 'Zip', value: part('zip') },
    { name: 'Co', value: part('co') },
    { name: 'Country', value: part('country') },
    { name: 'Department', value: part('department') },
  ];
}
