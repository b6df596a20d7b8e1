/** The visitors of the publisher's site, as Segment calls, and what HubSpot must say about them in the end. */
import type { Analytics } from '@segment/analytics-node';
import type { ExpectedProperties } from './lives.ts';

const TITLES = ['Editor', 'Teacher', 'Nurse', 'Engineer', 'Carpenter'];
const COMPANIES = ['North Harbour AB', 'Fjord & Sons', 'Blue Door Studio'];

/** Three calls of one visitor: twice identify, the later one correcting the first, and a track call. */
export function callAsVisitor(analytics: Analytics, index: number): void {
  const userId = `visitor-${String(index)}`;
  const email = emailOf(index);
  analytics.identify({ userId, traits: { email: email.toUpperCase(), firstName: 'Sam', title: 'Reader' } });
  analytics.identify({
    userId,
    traits: {
      email,
      firstName: `Sam ${String(index)}`,
      lastName: 'Visitor',
      position: TITLES[index % TITLES.length],
      company: { name: COMPANIES[index % COMPANIES.length], plan: 'team' },
      // HubSpot has no such property: it is left out, and the record says so.
      favouriteSection: 'Culture',
    },
  });
  analytics.track({ userId, event: 'Article Read', properties: { section: 'Culture' } });
}

export function expectedVisitor(index: number): ExpectedProperties {
  return {
    email: emailOf(index),
    firstname: `Sam ${String(index)}`,
    lastname: 'Visitor',
    jobtitle: TITLES[index % TITLES.length] ?? null,
    company: COMPANIES[index % COMPANIES.length] ?? null,
  };
}

function emailOf(index: number): string {
  return `visitor.${String(index)}@example.org`;
}
