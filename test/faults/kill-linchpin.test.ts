import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countEvents } from '../../src/store/queries/summary.ts';
import { openStore } from '../../src/store/store.ts';
import { makeAcme, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { makeRecordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';

let acme: Acme;

beforeEach(async () => {
  acme = await makeAcme();
});

afterEach(() => acme.close());

const PEOPLE = 2_500;
const VALUES = 8;
const EVENTS = PEOPLE * VALUES;
const BATCH_EVENTS = 100;
const BATCHES = EVENTS / BATCH_EVENTS;

// Where the number of events proves nothing more: two values of each person.
const FEW_VALUES = 2;
const FEW_BATCHES = (PEOPLE * FEW_VALUES) / BATCH_EVENTS;

interface Kill {
  /** Batches that are acknowledged before. */
  readonly afterBatches: number;
  readonly kill: (linchpin: LinchpinProcess) => Promise<void>;
}

const KILLS: readonly (readonly [what: string, kill: Kill])[] = [
  [
    'Linchpin, when all 20,000 events are acknowledged and some are delivered,',
    { afterBatches: BATCHES, kill: (linchpin) => linchpin.kill() },
  ],
  [
    'Linchpin and its PostgreSQL, while 20,000 events come in,',
    {
      afterBatches: BATCHES / 2,
      kill: async (linchpin) => {
        const ended = linchpin.kill();
        for (const pid of acme.postgresPids()) killIfAlive(pid);
        await ended;
        await until(() => acme.postgresPids().length === 0, { what: 'the end of PostgreSQL' });
      },
    },
  ],
];

test.each(KILLS)('kill -9 of %s loses none that was acknowledged', async (_what, { afterBatches, kill }) => {
  const first = await acme.up();
  const acknowledged = new Set<number>();
  const sending = sendFrom(first.url, 0, acknowledged);
  await until(() => acknowledged.size >= afterBatches && acme.contacts().size > 0, {
    timeoutMs: 60_000,
    what: 'events to be acknowledged and delivered',
  });
  await kill(first);
  await sending;
  const acknowledgedBefore = acknowledged.size;
  expect(wrongContacts()).not.toEqual([]);

  const second = await acme.up();
  expect(await countLogged()).toBeGreaterThanOrEqual(acknowledgedBefore * BATCH_EVENTS);
  // A client repeats the call that was not answered, under the same message ids, and goes on.
  await sendFrom(second.url, acknowledgedBefore, acknowledged);
  expect(acknowledged.size).toBe(BATCHES);
  await acme.settled(60_000);

  expect(await countLogged()).toBe(EVENTS);
  expect(wrongContacts()).toEqual([]);
  expect(acme.contacts().size).toBe(PEOPLE);
});

test('a first start that is killed half-way is made good by the next one', async () => {
  const cluster = join(acme.folder, 'data', 'postgres');
  const killed = acme.launch();
  await until(() => existsSync(cluster) && readdirSync(cluster).length > 0, {
    timeoutMs: 20_000,
    what: 'the beginning of a database',
  });
  await killed.kill();
  expect(killed.output()).not.toContain('listens on');

  const linchpin = await acme.up();
  expect((await request(`${linchpin.url}/readyz`)).statusCode).toBe(200);
});

test('a data folder in use by a live Linchpin is refused to a second one, which leaves the first alone', async () => {
  const linchpin = await acme.up();
  const { code, stderr } = await acme.run('up', '--port', '0');
  expect(code).toBe(4);
  expect(stderr).toContain('store.data_folder_in_use');
  expect(stderr).toContain(String(linchpin.pid));
  expect((await request(`${linchpin.url}/readyz`)).statusCode).toBe(200);
});

test('kill -9 of PostgreSQL alone: Linchpin starts it again, refuses meanwhile, and goes on', async () => {
  const linchpin = await acme.up();
  const acknowledged = new Set<number>();
  const sending = sendFrom(linchpin.url, 0, acknowledged, FEW_BATCHES);
  await until(() => acknowledged.size >= FEW_BATCHES / 5, {
    timeoutMs: 60_000,
    what: 'events to be acknowledged',
  });
  for (const pid of acme.postgresPids()) killIfAlive(pid);
  await sending;
  expect(acknowledged.size).toBeLessThan(FEW_BATCHES);
  await until(async () => (await request(`${linchpin.url}/readyz`)).statusCode === 200, {
    timeoutMs: 20_000,
    what: 'Linchpin to be ready again',
  });
  await sendFrom(linchpin.url, acknowledged.size, acknowledged, FEW_BATCHES);
  expect(acknowledged.size).toBe(FEW_BATCHES);
  await acme.settled(60_000);
  expect(await countLogged()).toBe(FEW_BATCHES * BATCH_EVENTS);
  expect(wrongContacts(FEW_VALUES)).toEqual([]);
});

test('SIGTERM in the middle of deliveries ends with 0 and leaves no PostgreSQL and nothing undone', async () => {
  const first = await acme.up();
  const acknowledged = new Set<number>();
  await sendFrom(first.url, 0, acknowledged, FEW_BATCHES);
  await until(() => acme.contacts().size > 0, { what: 'the first contacts' });
  expect(await first.stop()).toBe(0);
  expect(acme.postgresPids()).toEqual([]);
  expect(wrongContacts(FEW_VALUES)).not.toEqual([]);

  const startedMs = performance.now();
  await acme.up();
  const tookMs = performance.now() - startedMs;
  process.stdout.write(`up on an initialised folder: ${tookMs.toFixed(0)} ms\n`);
  // Two seconds are promised; a machine that runs other things beside may take a few times as long.
  expect(tookMs).toBeLessThan(8_000);
  await acme.settled(60_000);
  expect(wrongContacts(FEW_VALUES)).toEqual([]);
});

/** Sends batch after batch, each person's values in order, until all are acknowledged or nobody answers. */
async function sendFrom(url: string, first: number, acknowledged: Set<number>, end = BATCHES): Promise<void> {
  for (let batch = first; batch < end; batch += 1) {
    const answer = await request(`${url}/v1/batch`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
      },
      body: JSON.stringify({ batch: batchOf(batch) }),
    }).catch(() => undefined);
    if (answer === undefined) return;
    const text = await answer.body.text().catch(() => '');
    if (text !== '{"success":true}') return;
    acknowledged.add(batch);
  }
}

function batchOf(batch: number): readonly object[] {
  return Array.from({ length: BATCH_EVENTS }, (_none, index) => {
    const event = batch * BATCH_EVENTS + index;
    const person = event % PEOPLE;
    return {
      type: 'identify',
      messageId: `event-${String(event)}`,
      userId: `user-${String(person)}`,
      traits: { email: emailOf(person), firstName: `Value ${String(Math.floor(event / PEOPLE))}` },
    };
  });
}

function wrongContacts(values = VALUES): readonly string[] {
  const contacts = acme.contacts();
  const last = `Value ${String(values - 1)}`;
  return Array.from({ length: PEOPLE }, (_none, person) => emailOf(person)).filter(
    (email) => contacts.get(email)?.['firstname'] !== last,
  );
}

async function countLogged(): Promise<number> {
  const dataDir = join(acme.folder, 'data');
  const store = await openStore({ dataDir, access: 'attach', log: makeRecordedLog() });
  try {
    const counts = await countEvents(store.pool, 1);
    return counts.reduce((sum, { count }) => sum + count, 0);
  } finally {
    await store.close();
  }
}

function emailOf(person: number): string {
  return `person.${String(person)}@example.com`;
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone with its parent.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
