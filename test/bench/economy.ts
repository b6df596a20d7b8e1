/**
 * How many calls HubSpot gets in steady state: every contact is identified again and again, and each time one in five
 * has a new first name; last name and phone are written only where they are empty. Counted in the emulator's journal,
 * beside what one call per contact takes. Real processes, with the limits of a professional account enforced.
 */
import { allContacts, contactCalls, requestCount } from '../support/emulator-client.ts';
import { startLinchpinAndHubspot } from './linchpin-and-hubspot.ts';
import { isQuick, progress, report, rounded } from './measure.ts';

const CONTACTS = isQuick() ? 20_000 : 100_000;
const ROUNDS = 2;
const CHANGED_EVERY = 5;
const BATCH_EVENTS = 500;

const { hubspot, acceptBatch, caughtUp, stop } = await startLinchpinAndHubspot({
  plan: 'professional',
  flows: [
    '{ preset: hubspot/identify, from: site, to: hubspot, options: { rules: { lastname: if_empty, phone: if_empty } } }',
  ],
});

try {
  progress(`${String(CONTACTS)} new contacts`);
  await identifyAll(0);
  const first = await callCount();
  const refusedBefore = (await contactCalls(hubspot.url)).refused;
  for (let round = 1; round <= ROUNDS; round += 1) {
    await identifyAll(round);
    progress(`round ${String(round)}: ${String((await callCount()) - first)} calls so far`);
  }
  const calls = (await callCount()) - first;
  const { refused } = await contactCalls(hubspot.url);
  const changes = (CONTACTS * ROUNDS) / CHANGED_EVERY;
  report(
    'Economy: calls to HubSpot in steady state',
    {
      calls_per_100_changes: rounded((calls * 100) / changes, 3),
      calls,
      calls_one_per_change: changes,
      calls_one_per_identify: CONTACTS * ROUNDS,
      calls_of_new_contacts: first,
      answers_429: refused - refusedBefore,
      contacts_wrong: await wrongContacts(),
    },
    [
      `${String(CONTACTS)} contacts, identified ${String(ROUNDS)} times more; each time one in ${String(CHANGED_EVERY)} with a new first name, last name and phone under "if_empty". All calls of the connector count, reads and property lists too.`,
    ],
  );
} finally {
  await stop();
}

async function callCount(): Promise<number> {
  const [crm, others] = await Promise.all([
    requestCount(hubspot.url, { path: '/crm/*' }),
    requestCount(hubspot.url, { path: '/properties/*' }),
  ]);
  return crm + others;
}

/** Sends one identify of every contact, and waits until HubSpot has what follows from it. */
async function identifyAll(round: number): Promise<void> {
  for (let at = 0; at < CONTACTS; at += BATCH_EVENTS) {
    await acceptBatch(Array.from({ length: BATCH_EVENTS }, (_none, index) => identify(at + index, round)));
  }
  await caughtUp();
}

function identify(person: number, round: number): Record<string, unknown> {
  return {
    type: 'identify',
    messageId: `economy-${String(round)}-${String(person)}`,
    userId: emailOf(person),
    traits: {
      firstName: nameOf(person, round),
      lastName: `Lovelace ${String(person)}`,
      phone: '+46701234567',
    },
  };
}

/** One in five gets a new name in each round, each time others. */
function nameOf(person: number, round: number): string {
  let latest = 0;
  for (let each = 1; each <= round; each += 1)
    if (person % CHANGED_EVERY === each % CHANGED_EVERY) latest = each;
  return `Ada ${String(latest)}`;
}

function emailOf(person: number): string {
  return `person.${String(person)}@example.com`;
}

async function wrongContacts(): Promise<number> {
  const contacts = await allContacts(hubspot.url);
  let wrong = 0;
  for (let person = 0; person < CONTACTS; person += 1) {
    if (contacts.get(emailOf(person))?.properties['firstname'] !== nameOf(person, ROUNDS)) wrong += 1;
  }
  return wrong;
}
