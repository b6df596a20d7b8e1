import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { Story } from '../../src/delivery/index.ts';
import { makeAcme, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { until } from '../support/until.ts';

let acme: Acme;
let linchpin: LinchpinProcess;

beforeEach(async () => {
  acme = await makeAcme();
  linchpin = await acme.up();
});

afterEach(() => acme.close());

test('a revoked token suspends the connection and keeps its backlog; a new one in the file and apply resume it without loss', async () => {
  const next = 'pat-na1-next';
  setTokens({ token: DEFAULT_TOKEN, isRevoked: true }, { token: next });
  await identify(0, 150, 'Before');
  await until(async () => (await readerState()).includes('suspended'), { what: 'the suspension' });
  const callsWhenSuspended = acme.hubspot.admin.countRequests();
  await identify(100, 250, 'After');

  // What these two commands take is time enough for a connection that had not stopped to go on calling.
  expect(await acme.run('connectors', 'test', 'hubspot')).toMatchObject({ code: 5 });
  expect((await acme.run('doctor')).stdout).toContain('hubspot');
  expect(acme.contacts().size).toBe(0);
  const callsOfTheTest = acme.hubspot.admin.countRequests() - callsWhenSuspended;
  expect(callsOfTheTest).toBeLessThan(10);
  expect(await acme.ask('dead-letters', 'list')).toEqual([{ deadLetters: [] }]);

  acme.reconfigure('${HUBSPOT_ACCESS_TOKEN}', next);
  expect(await acme.ask('apply')).toMatchObject([{ changes: [{ kind: 'connection', name: 'hubspot' }] }]);
  await acme.settled();
  expect(await readerState()).toContain('reading');
  expect(firstNames(0, 100)).toEqual(new Set(['Before']));
  expect(firstNames(100, 250)).toEqual(new Set(['After']));
  expect(acme.contacts().size).toBe(250);
});

test('a connection whose token is accepted again goes on when someone resumes it', async () => {
  setTokens({ token: DEFAULT_TOKEN, isRevoked: true });
  await identify(0, 50, 'Kept');
  await until(async () => (await readerState()).includes('suspended'), { what: 'the suspension' });
  setTokens({ token: DEFAULT_TOKEN, isRevoked: false });
  expect(await acme.ask('connectors', 'resume', 'hubspot')).toEqual([
    { connection: 'hubspot', wasSuspended: true },
  ]);
  await acme.settled();
  expect(firstNames(0, 50)).toEqual(new Set(['Kept']));
});

test('an outage of the whole vendor is waited for with few calls, and nothing is lost or overtaken', async () => {
  acme.hubspot.admin.addFault({ path: '/crm/*', unavailable: true });
  await identify(0, 300, 'First');
  await identify(200, 500, 'Second');
  await until(() => acme.hubspot.admin.countRequests({ status: 503 }) >= 4, {
    timeoutMs: 20_000,
    what: 'the breaker to open and a probe to fail',
  });
  expect(acme.hubspot.admin.countRequests()).toBeLessThan(15);
  acme.hubspot.admin.clearFaults();
  await acme.settled(90_000);
  expect(firstNames(0, 200)).toEqual(new Set(['First']));
  expect(firstNames(200, 500)).toEqual(new Set(['Second']));
  expect(await acme.ask('dead-letters', 'list')).toEqual([{ deadLetters: [] }]);
});

test('a limit lower than the plan promises is learnt from the headers, and hardly ever run into', async () => {
  acme.hubspot.admin.setLimits({ burst: 10 });
  await identify(0, 700, 'Ada');
  await acme.settled(60_000);
  expect(firstNames(0, 700)).toEqual(new Set(['Ada']));
  expect(acme.hubspot.admin.countRequests({ status: 429 })).toBeLessThanOrEqual(3);
  expect(await acme.ask('dead-letters', 'list')).toEqual([{ deadLetters: [] }]);
});

test('a contact that only HubSpot refuses costs one record, and is delivered once its cause is gone', async () => {
  const memberNumber = {
    groupName: 'contactinformation',
    name: 'member_number',
    label: 'Member number',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
  };
  const holder = { email: 'holder@example.com', firstname: 'Hanna', member_number: 'M-7' };
  acme.hubspot.admin.seed({
    portals: [
      { portalId: DEFAULT_PORTAL_ID, properties: [memberNumber], contacts: [{ properties: holder }] },
    ],
  });
  await identify(0, 100, 'Ada', (person) => ({ member_number: `M-${String(person)}` }));
  await acme.settled();
  expect(acme.contacts().size).toBe(100);
  expect(acme.contacts().has(emailOf(7))).toBe(false);
  expect(acme.contacts().get(holder.email)).toMatchObject(holder);
  expect(acme.hubspot.admin.countRequests({ path: '/crm/*/batch/upsert' })).toBeLessThan(5);

  const [list] = (await acme.ask('dead-letters', 'list')) as [DeadLetters];
  expect(list.deadLetters).toMatchObject([{ eventId: messageIdOf(7, 'Ada'), connection: 'hubspot' }]);
  await giveUpMemberNumber(holder.email);
  const letter = String(list.deadLetters[0]?.id);
  expect(await acme.ask('dead-letters', 'retry', letter)).toMatchObject([{ retriedCount: 1, left: [] }]);
  await until(() => acme.contacts().has(emailOf(7)), { what: 'the contact' });
  await acme.settled();
  expect(acme.contacts().get(emailOf(7))).toMatchObject({ member_number: 'M-7', firstname: 'Ada' });
  expect(await acme.ask('dead-letters', 'list')).toEqual([{ deadLetters: [] }]);

  const [story] = (await acme.ask('deliveries', 'show', messageIdOf(7, 'Ada'))) as [Story];
  const outcomes = story.attempts.flatMap(({ items }) => items.map(({ outcome }) => outcome));
  expect(outcomes).toEqual(['rejected', 'delivered']);
  expect(story.attempts.flatMap(({ exchanges }) => exchanges).length).toBeGreaterThan(0);
  const told = await acme.run('deliveries', 'show', messageIdOf(7, 'Ada'));
  for (const words of ['member_number', 'rejected', 'delivered', '/batch/upsert', 'Dead letter']) {
    expect(told.stdout).toContain(words);
  }
  const everything = JSON.stringify(story) + told.stdout + told.stderr + linchpin.output();
  expect(everything).not.toContain(DEFAULT_TOKEN);
});

interface DeadLetters {
  readonly deadLetters: readonly { readonly id: number; readonly eventId: string }[];
}

function setTokens(...tokens: readonly { readonly token: string; readonly isRevoked?: boolean }[]): void {
  acme.hubspot.admin.seed({ portals: [{ portalId: DEFAULT_PORTAL_ID, tokens: [...tokens] }] });
}

/** Sends an identify of each person from `from` up to `to`, a hundred in a call. */
async function identify(
  from: number,
  to: number,
  firstName: string,
  more: (person: number) => object = () => ({}),
): Promise<void> {
  for (let first = from; first < to; first += 100) {
    const people = Array.from({ length: Math.min(100, to - first) }, (_none, index) => first + index);
    const batch = people.map((person) => ({
      type: 'identify',
      messageId: messageIdOf(person, firstName),
      userId: `user-${String(person)}`,
      traits: { email: emailOf(person), firstName, ...more(person) },
    }));
    const answer = await request(`${linchpin.url}/v1/batch`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
      },
      body: JSON.stringify({ batch }),
    });
    expect(await answer.body.json()).toEqual({ success: true });
  }
}

async function readerState(): Promise<string> {
  const answer = await request(`${linchpin.url}/readyz`);
  const { checks } = (await answer.body.json()) as {
    readonly checks: readonly { readonly name: string; readonly detail: string }[];
  };
  return checks.find(({ name }) => name === 'reader acme/hubspot')?.detail ?? '';
}

async function giveUpMemberNumber(email: string): Promise<void> {
  const url = `${acme.hubspot.url}/crm/objects/2026-09/contacts/${encodeURIComponent(email)}?idProperty=email`;
  const answer = await request(url, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ properties: { member_number: '' } }),
  });
  expect(answer.statusCode).toBe(200);
  await answer.body.dump();
}

function firstNames(from: number, to: number): ReadonlySet<string | undefined> {
  const contacts = acme.contacts();
  const people = Array.from({ length: to - from }, (_none, index) => from + index);
  return new Set(people.map((person) => contacts.get(emailOf(person))?.['firstname']));
}

function emailOf(person: number): string {
  return `person.${String(person)}@example.com`;
}

function messageIdOf(person: number, firstName: string): string {
  return `identify-${firstName}-${String(person)}`;
}
