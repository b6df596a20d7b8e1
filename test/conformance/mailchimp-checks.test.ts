/** What `connectors test` says of a Mailchimp connection. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { mailchimpEmulator } from '../../emulators/mailchimp/index.ts';
import { DEFAULT_KEY, DEFAULT_LIST } from '../../emulators/mailchimp/state.ts';
import { mailchimp } from '../../src/connectors/mailchimp/index.ts';
import { subscribers } from '../../src/connectors/mailchimp/presets/subscribers.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { ConnectionClient, drive, RecordClaims } from '../../src/outbound/index.ts';

const start = () => startEmulator(mailchimpEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
});
afterEach(() => emulator.close());

/** The lines, with a mark before those that are not in order. */
async function lines(change: object = {}): Promise<readonly string[]> {
  const given = { api_key: DEFAULT_KEY, list_id: DEFAULT_LIST, base_url: emulator.url, ...change };
  const settings = mailchimp.settings.parse(given);
  const client = new ConnectionClient({
    connector: mailchimp,
    settings,
    clock: systemClock,
    privateAddresses: true,
  });
  const flows = [{ preset: subscribers, options: subscribers.action.options.parse(subscribers.options) }];
  const said: string[] = [];
  for (const { run, title } of mailchimp.checks) {
    const driven = await drive(run({ settings, flows }), {
      client,
      claims: new RecordClaims(),
      signal: new AbortController().signal,
      onExchange: () => undefined,
    });
    if (driven.kind === 'returned') {
      said.push(...driven.result.map(({ ok, text }) => (ok ? text : `✗ ${text}`)));
    } else said.push(`✗ ${title} ${driven.kind}`);
  }
  await client.close();
  return said;
}

test('a sound connection is found sound, and what is still to be made is named', async () => {
  const reachable = `API reachable at ${emulator.url}`;
  expect(await lines()).toEqual([
    reachable,
    'API key valid for The Daily Emulator',
    'Audience Readers; new contacts are subscribed',
    'Merge fields to be made when first needed: SESAMYUSR, SMYLASTSEE, SMYSUBSC, SMYARTPUR, SMYACTSUBS, SMYCANSUBS, SMYEXPSUBS, SMYENDSUBS, SMYISSREM',
  ]);
});

test('an audience with double opt-in is told from what new contacts become', async () => {
  emulator.admin.seed({ lists: [{ doubleOptIn: true }] });
  expect((await lines())[2]).toContain('nobody is asked to confirm');
  expect((await lines({ status_if_new: 'pending' }))[2]).toBe('Audience Readers; new contacts are pending');
});

test('an audience without room for the merge fields is told with both quotas', async () => {
  const mergeFields = Array.from({ length: 17 }, (_none, index) => ({
    tag: `F${String(index)}`,
    name: 'F',
    type: 'text' as const,
  }));
  emulator.admin.seed({ lists: [{ mergeFields }] });
  expect((await lines())[3]).toMatch(
    /^✗ Merge fields missing: SESAMYUSR, .* would have 31, and Mailchimp allows 30, or 80 with Premium$/,
  );
});

test('a wrong key and a wrong audience are each told', async () => {
  emulator.admin.seed({ dataCenter: 'us6' });
  expect((await lines({ api_key: 'another-us9' }))[1]).toBe('✗ API key refused with 403');
  expect((await lines({ api_key: 'another-us6' }))[1]).toBe('✗ API key refused with 401');
  expect((await lines({ list_id: 'nosuch' }))[2]).toBe('✗ There is no audience nosuch');
});
