import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../src/kernel/clock.ts';
import { EmulatorClock } from './core/index.ts';
import { startEmulators } from './index.ts';
import type { StartedEmulator } from './registry.ts';
import { isDifferent, parseRecording, replay, startRecorder } from './recording/index.ts';
import type { Comparison } from './recording/index.ts';
import { redact } from './recording/redact.ts';
import { compareShapes } from './recording/shape.ts';

let folder: string;
/** Stands in for the real account: other ids, another token, another answer to one call. */
let vendor: StartedEmulator;
let emulator: StartedEmulator;

const SECRET = 'pat-eu1-the-real-accounts-token';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linchpin-recording-'));
  const [first, second] = [await start(), await start()];
  [vendor, emulator] = [first, second];
  vendor.seed({
    portals: [
      {
        portalId: 77_777_777,
        tokens: [{ token: SECRET }],
        // So that ids are not those that the emulator will give.
        contacts: Array.from({ length: 7 }, (_, at) => ({ properties: { email: `c${at}@example.com` } })),
      },
    ],
    switches: { deleteOfUnknownRecord: '404' },
  });
});
afterAll(async () => {
  await vendor.close();
  await emulator.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<StartedEmulator> {
  const [started] = await startEmulators(['hubspot'], { port: 0 });
  if (started === undefined) throw new Error('the emulator did not start');
  return started;
}

test('what a client did with a real account is compared call by call, with no secret in the file', async () => {
  const file = join(folder, 'calls.jsonl');
  const recorder = await startRecorder({
    upstream: vendor.url,
    file,
    token: SECRET,
    port: 0,
    clock: systemClock,
  });
  const call = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(recorder.url + path, {
      method,
      headers: { authorization: 'Bearer my-own', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const { id } = await call('POST', '/crm/v3/objects/contacts', { properties: { email: 'ada@example.com' } });
  expect(id).toMatch(/^\d+$/);
  await call('GET', `/crm/v3/objects/contacts/${String(id)}?properties=email`);
  await call('POST', '/crm/v3/objects/contacts/batch/read', { inputs: [{ id }], properties: ['email'] });
  await call('GET', '/account-info/v3/details');
  await call('DELETE', '/crm/v3/objects/contacts/1');
  await call('POST', '/oauth/v2/private-apps/get/access-token-info', { tokenKey: SECRET });
  expect(recorder.count).toBe(6);
  await recorder.close();

  const text = await readFile(file, 'utf8');
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain('my-own');
  const comparisons: Comparison[] = [];
  for await (const one of replay(parseRecording(text, file), {
    url: emulator.url,
    token: 'pat-na1-emulator',
    clock: emulator.clock,
  })) {
    comparisons.push(one);
  }
  expect(comparisons.map((one) => [one.call.replaceAll(/\d{5,}/g, 'N'), isDifferent(one)])).toEqual([
    ['POST /crm/v3/objects/contacts', false],
    ['GET /crm/v3/objects/contacts/N?properties=email', false],
    ['POST /crm/v3/objects/contacts/batch/read', false],
    ['GET /account-info/v3/details', false],
    // The one thing in which this "vendor" behaves differently, and the call that lost its secret.
    ['DELETE /crm/v3/objects/contacts/1', true],
    ['POST /oauth/v2/private-apps/get/access-token-info', true],
  ]);
  expect(comparisons[4]).toMatchObject({ recordedStatus: 404, emulatedStatus: 204 });
});

test('a vendor that cannot be reached is told to the caller, and nothing is recorded', async () => {
  const file = join(folder, 'none.jsonl');
  const recorder = await startRecorder({
    upstream: 'http://127.0.0.1:9',
    file,
    token: undefined,
    port: 0,
    clock: new EmulatorClock(),
  });
  expect((await fetch(`${recorder.url}/x`)).status).toBe(502);
  expect(recorder.count).toBe(0);
  await recorder.close();
});

const EXCHANGE = { at: '2026-11-01T00:00:00.000Z', method: 'POST', status: 200, headers: {} };

test('secrets go from paths, queries, forms and JSON of any depth', () => {
  const clean = redact(
    {
      ...EXCHANGE,
      path: '/oauth/v1/access-tokens/CNabc?hapikey=k-1&limit=5',
      contentType: 'application/x-www-form-urlencoded',
      body: 'grant_type=refresh_token&refresh_token=na1-r&client_secret=s-1',
      headers: { 'content-type': 'application/json' },
      answer: '{"a":[{"access_token":"CNnew"}],"note":"sent Bearer abcdefghij","kept":"pat-na1-12345678"}',
    },
    ['k-1'],
  );
  expect(clean.path).toBe('/oauth/v1/access-tokens/REDACTED?hapikey=REDACTED&limit=5');
  expect(clean.body).toBe('grant_type=refresh_token&refresh_token=REDACTED&client_secret=REDACTED');
  expect(clean.answer).toBe('{"a":[{"access_token":"REDACTED"}],"note":"sent REDACTED","kept":"REDACTED"}');
});

test('shapes differ by kinds, keys and the words that clients decide by, not by values', () => {
  expect(compareShapes({ a: [{ id: 1 }], b: null }, { a: [{ id: 2 }, { id: 3 }], b: 'x' })).toEqual([]);
  expect(compareShapes({ a: '1', c: 1, category: 'X' }, { a: 1, category: 'Y' })).toEqual([
    { path: 'a', recorded: 'string', emulated: 'number' },
    { path: 'c', recorded: 'number', emulated: 'absent' },
    { path: 'category', recorded: '"X"', emulated: '"Y"' },
  ]);
  expect(compareShapes({ results: [] }, { results: [1] })).toEqual([
    { path: 'results[]', recorded: '0 elements', emulated: '1 elements' },
  ]);
});

test('a line that is no exchange is told by its number', () => {
  expect(() => parseRecording('\n{"method":"GET"}\n', 'x.jsonl')).toThrow(
    expect.objectContaining({ code: 'emulators.recording_unreadable', field: 'x.jsonl:2' }),
  );
});
