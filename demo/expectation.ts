/** Compares what HubSpot holds in the end with what the day must have led to, field by field. */
import { expectedContact, lifeSummary } from './lives.ts';
import type { ExpectedProperties } from './lives.ts';
import { expectedVisitor } from './visitors.ts';

export type Contacts = ReadonlyMap<string, Readonly<Record<string, string | null>>>;

/** Every difference, in words; empty when HubSpot is exactly right. */
export function differences(
  contacts: Contacts,
  subscriberCount: number,
  visitorCount: number,
): readonly string[] {
  const expected = expectedContacts(subscriberCount, visitorCount);
  const found = [...expected].flatMap(([email, { who, properties }]) => {
    const contact = contacts.get(email);
    if (contact === undefined) return [`${email} (${who}) is missing`];
    return Object.entries(properties).flatMap(([name, value]) => {
      const actual = contact[name] ?? null;
      return sameValue(name, actual, value)
        ? []
        : [`${email} (${who}): ${name} is ${JSON.stringify(actual)}, should be ${JSON.stringify(value)}`];
    });
  });
  const strangers = [...contacts.keys()].filter((email) => !expected.has(email));
  return [...found, ...strangers.map((email) => `${email} should not be there`)];
}

function expectedContacts(
  subscriberCount: number,
  visitorCount: number,
): ReadonlyMap<string, { readonly who: string; readonly properties: ExpectedProperties }> {
  const expected = new Map<string, { readonly who: string; readonly properties: ExpectedProperties }>();
  for (let index = 0; index < subscriberCount; index += 1) {
    const properties = expectedContact(index);
    if (typeof properties?.['email'] === 'string') {
      expected.set(properties['email'], { who: lifeSummary(index), properties });
    }
  }
  for (let index = 0; index < visitorCount; index += 1) {
    const properties = expectedVisitor(index);
    expected.set(properties['email'] ?? '', { who: 'visitor', properties });
  }
  return expected;
}

/** The options of a multi-select have no order. */
function sameValue(name: string, actual: string | null, expected: string | null): boolean {
  if (name !== 'subscription_type') return actual === expected;
  const options = (value: string | null): string => (value ?? '').split(';').sort().join(';');
  return options(actual) === options(expected);
}
