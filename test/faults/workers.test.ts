import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeAcme, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { startLocalVendor } from '../support/local-vendor.ts';
import { until } from '../support/until.ts';

let acme: Acme;

beforeEach(async () => {
  acme = await makeAcme();
});

afterEach(() => acme.close());

const SHARDS = 4;

// Of another worker's death the others learn within this, whatever it was doing.
const TAKEOVER_MS = 10_000;

// Far below what a lease lasts: only a hand-over is as quick.
const HAND_OVER_MS = 4_000;

function withShards(): void {
  acme.reconfigure('plan: professional', `plan: professional, delivery: { shards: ${String(SHARDS)} }`);
}

test('kill -9 of a worker: others read its shards within ten seconds, and every person ends with the last value', async () => {
  withShards();
  const up = await acme.up('--role', 'ingest');
  const [first, second] = [await acme.worker(), await acme.worker()];
  await until(async () => (await isReading(first, SHARDS / 2)) && (await isReading(second, SHARDS / 2)));
  const people = 200;
  for (let value = 0; value < 3; value += 1) await identify(up, people, value);
  await until(() => acme.contacts().size > 0, { what: 'the first contacts' });
  await first.kill();
  const killedAt = performance.now();
  for (let value = 3; value < 6; value += 1) await identify(up, people, value);
  await until(() => isReading(second, SHARDS), { timeoutMs: TAKEOVER_MS + 5_000, what: 'the takeover' });
  const tookMs = performance.now() - killedAt;
  process.stdout.write(`shards of a killed worker are read again after ${tookMs.toFixed(0)} ms\n`);
  expect(tookMs).toBeLessThan(TAKEOVER_MS);
  await acme.settled(60_000);
  const names = [...acme.contacts().values()].map((contact) => contact['firstname']);
  expect(names).toEqual(Array.from({ length: people }, () => 'Value 5'));
});

test('a worker that is told to stop hands its shards over at once and ends with 0', async () => {
  withShards();
  await acme.up('--role', 'ingest');
  const [first, second] = [await acme.worker(), await acme.worker()];
  await until(async () => (await isReading(first, SHARDS / 2)) && (await isReading(second, SHARDS / 2)));
  const startedAt = performance.now();
  const stopped = first.stop();
  await until(() => isReading(second, SHARDS), { what: 'the hand-over' });
  expect(performance.now() - startedAt).toBeLessThan(HAND_OVER_MS);
  expect(await stopped).toBe(0);
});

test('what hangs at the vendor holds a stop up to its bound only, and a second signal ends it at once', async () => {
  const vendor = await startLocalVendor(() => new Promise(() => undefined));
  acme.reconfigure(`base_url: "${acme.hubspot.url}"`, `base_url: "${vendor.url}"`);
  const up = await acme.up('--role', 'ingest');
  await identify(up, 1, 0);
  const patient = await acme.worker('--drain', '1');
  await until(() => vendor.openCount > 0, { what: 'the first call' });
  const startedAt = performance.now();
  expect(await patient.stop()).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(HAND_OVER_MS);
  expect(patient.output()).toContain('will be sent again');
  const forced = await acme.worker('--drain', '600');
  const before = vendor.requests.length;
  await until(() => vendor.requests.length > before, { what: 'the call once more' });
  const ended = forced.stop();
  await until(() => forced.output().includes('Stopping'), { what: 'the first signal to be heard' });
  process.kill(forced.pid, 'SIGTERM');
  expect(await ended).toBe(130);
});

test('a worker beside linchpin up reads half, and leaves it whole when it dies', async () => {
  withShards();
  const up = await acme.up();
  const worker = await acme.worker();
  // HubSpot's four and the resolver's one.
  await until(async () => (await countReading(up)) + (await countReading(worker)) === SHARDS + 1);
  expect(Math.abs((await countReading(up)) - (await countReading(worker)))).toBe(1);
  await worker.kill();
  await until(async () => (await countReading(up)) === SHARDS + 1, { timeoutMs: TAKEOVER_MS });
});

async function identify({ url }: LinchpinProcess, people: number, value: number): Promise<void> {
  const { statusCode, body } = await request(`${url}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
    },
    body: JSON.stringify({
      batch: Array.from({ length: people }, (_none, person) => ({
        type: 'identify',
        messageId: `event-${String(person)}-${String(value)}`,
        userId: `user-${String(person)}`,
        traits: { email: `person.${String(person)}@example.com`, firstName: `Value ${String(value)}` },
      })),
    }),
  });
  await body.dump();
  expect(statusCode).toBe(200);
}

interface Readiness {
  readonly checks: readonly { readonly name: string; readonly detail: string }[];
}

/** Whether the process itself reads that many shards of HubSpot. */
async function isReading(linchpin: LinchpinProcess, shards: number): Promise<boolean> {
  const detail = (await readinessOf(linchpin)).checks.find(
    ({ name }) => name === 'reader acme/hubspot',
  )?.detail;
  if (shards === SHARDS) return detail === `${String(SHARDS)} of ${String(SHARDS)} shards reading`;
  return detail?.includes(`${String(shards)} of ${String(SHARDS)} shards reading`) === true;
}

async function countReading(linchpin: LinchpinProcess): Promise<number> {
  const { checks } = await readinessOf(linchpin);
  const readers = checks.filter(({ name }) => name.startsWith('reader '));
  return readers.reduce((sum, { detail }) => {
    const [, count] = /(\d+) of \d+ shards reading/.exec(detail) ?? [];
    return sum + (count === undefined ? Number(detail === 'reading') : Number(count));
  }, 0);
}

async function readinessOf({ url }: LinchpinProcess): Promise<Readiness> {
  return (await (await request(`${url}/readyz`)).body.json()) as Readiness;
}
