import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAcme, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { contactCalls } from '../support/emulator-client.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';

// The limits of a Professional account are enforced throughout: 190 calls in ten seconds. A hundred calls
// carry 10,000 contacts; ten more are what gathering may cost.
const CONTACTS = 10_000;
const WRITES_MAX = 110;

let acme: Acme;
let linchpin: LinchpinProcess;

beforeAll(async () => {
  acme = await makeAcme();
  linchpin = await acme.up();
});

afterAll(() => acme.close());

test('10,000 identifies of 10,000 new contacts arrive right, in at most 110 writes and without a 429', async () => {
  const { writes, refused } = await callsFor('Ada');
  expect(refused).toBe(0);
  expect(writes).toBeLessThanOrEqual(WRITES_MAX);
  expect(acme.contacts().size).toBe(CONTACTS);
  expectEveryContact('Ada');
});

test('the same 10,000 with another value take at most 110 writes', async () => {
  const { writes, refused } = await callsFor('Grace');
  expect(refused).toBe(0);
  expect(writes).toBeLessThanOrEqual(WRITES_MAX);
  expectEveryContact('Grace');
});

test('the same 10,000 without a change take no write at all', async () => {
  const { writes, refused } = await callsFor('Grace');
  expect(refused).toBe(0);
  expect(writes).toBe(0);
  expectEveryContact('Grace');
});

async function callsFor(firstName: string): Promise<{ readonly writes: number; readonly refused: number }> {
  const before = await contactCalls(acme.hubspot.url);
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: linchpin.url });
  const failures: unknown[] = [];
  analytics.on('error', (error) => failures.push(error));
  for (let person = 0; person < CONTACTS; person += 1) {
    analytics.identify({
      userId: `user-${String(person)}`,
      traits: { email: emailOf(person), firstName, lastName: lastNameOf(person), phone: '+46701234567' },
    });
  }
  await analytics.closeAndFlush({ timeout: 60_000 });
  expect(failures).toEqual([]);
  await acme.settled(60_000);
  const after = await contactCalls(acme.hubspot.url);
  return { writes: after.writes - before.writes, refused: after.refused - before.refused };
}

function expectEveryContact(firstName: string): void {
  const contacts = acme.contacts();
  const wrong = Array.from({ length: CONTACTS }, (_none, person) => person).filter((person) => {
    const contact = contacts.get(emailOf(person));
    return (
      contact?.['firstname'] !== firstName ||
      contact['lastname'] !== lastNameOf(person) ||
      contact['phone'] !== '+46701234567'
    );
  });
  expect(wrong).toEqual([]);
}

function emailOf(person: number): string {
  return `person.${String(person)}@example.com`;
}

function lastNameOf(person: number): string {
  return `Lovelace ${String(person)}`;
}
