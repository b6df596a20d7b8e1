import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeAcme, minimalConfiguration, TOKEN, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { startProcess } from '../support/linchpin-process.ts';
import { until } from '../support/until.ts';

let acme: Acme;
let url: string;

beforeAll(async () => {
  acme = await makeAcme();
  ({ url } = await acme.up());
});

afterAll(() => acme.close());

const BASIC = { authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}` };
const BEARER = { authorization: `Bearer ${TOKEN}` };

test('a batch of calls is answered 200 and becomes contacts', async () => {
  const call = { type: 'identify', userId: 'u1', traits: { email: 'ada@example.com', firstName: 'Ada' } };
  expect(await post('/v1/batch', BASIC, { batch: [call] })).toEqual({ status: 200, body: { success: true } });
  await acme.settled();
  expect(acme.contacts().get('ada@example.com')).toMatchObject({ firstname: 'Ada' });
  expect(await post('/v1/batch', {}, { batch: [call] })).toMatchObject({
    status: 401,
    body: { code: 'ingest.write_key_missing' },
  });
});

test('a subscriber event is answered with what became of it, and becomes a contact', async () => {
  acme.sesamy.admin.seed({ users: [{ userId: 'email|asa', email: 'asa@example.com' }] });
  const event = {
    eventType: 'userVendor.1#new',
    userId: 'email|asa',
    occured_at: '2026-11-21T12:00:00.123Z',
  };
  expect(await post('/v1/subscriber-events', BEARER, event)).toEqual({
    status: 200,
    body: { success: true, accepted: 1, duplicates: 0, rejected: [], unknownTypes: [] },
  });
  await acme.settled();
  expect(acme.contacts().get('asa@example.com')).toMatchObject({ sesamy_user_id: 'email|asa' });
  expect(await post('/v1/subscriber-events', { authorization: 'Bearer nobody' }, event)).toMatchObject({
    status: 401,
    body: { code: 'ingest.token_unknown' },
  });
});

test('health and readiness are answered, and each part that must be ready is named', async () => {
  expect(await get('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await get('/readyz')).toMatchObject({
    status: 200,
    body: {
      ready: true,
      checks: [
        'postgresql',
        'migrations',
        'partitions',
        'worker',
        'ingest',
        'reader acme/hubspot',
        'reader acme/sesamy',
      ].map((name) => ({ name, ok: true })),
    },
  });
});

test('metrics are told to this machine, and what comes in and goes out shows in them', async () => {
  const call = { type: 'identify', userId: 'u2', traits: { email: 'eve@example.com' } };
  await post('/v1/batch', BASIC, { batch: [call] });
  await acme.settled();
  const expected = [
    'linchpin_ingest_events_total{source="site"}',
    'linchpin_ingest_requests_total{status="200",code=""}',
    'linchpin_ingest_append_seconds_count{result="durable"}',
    'linchpin_delivery_outcomes_total{workspace="acme",connection="hubspot",flow="hubspot-identify.site.hubspot",outcome="delivered"}',
    'linchpin_delivery_call_seconds_count{workspace="acme",connection="hubspot",status="2xx"}',
    'linchpin_reader_lag_events{workspace="acme",connection="hubspot"}',
    'linchpin_shards{workspace="acme",connection="hubspot",state="owned"} 1',
    'linchpin_limit_used_ratio{workspace="acme",connection="hubspot"',
    'linchpin_leases_held 2',
    'linchpin_store_up 1',
    'linchpin_disk_free_bytes',
  ];
  await until(async () => {
    const text = await (await request(`${url}/metrics`)).body.text();
    expect(expected.filter((line) => !text.includes(line))).toEqual([]);
    return true;
  });
  const forwarded = await request(`${url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  expect(forwarded.statusCode).toBe(403);
});

test('connectors test says that HubSpot can be reached and that token, scopes and properties suffice', async () => {
  const [tested] = (await acme.ask('connectors', 'test', 'hubspot')) as [{ readonly ok: boolean }];
  expect(tested.ok).toBe(true);
  const { stdout } = await acme.run('connectors', 'test', 'hubspot');
  expect(stdout).toContain('✓');
  expect(stdout).not.toContain('✗');
});

test.each([
  ['hubspot', 'HubSpot'],
  ['sesamy', 'Sesamy'],
])('emulate %s prints one line, with its address, when it listens', async (vendor, title) => {
  const emulator = await startProcess(['emulate', vendor, '--port', '0'], { cwd: acme.folder });
  onTestFinished(async () => {
    await emulator.stop();
  });
  expect((await request(`${emulator.url}/_emulator/state`)).statusCode).toBe(200);
  expect(emulator.output()).toBe(`${title} emulator listens on ${emulator.url}\n`);
  expect(await emulator.stop()).toBe(0);
});

const MISTAKES: readonly (readonly [what: string, from: string, to: string, code: string, says: string])[] = [
  [
    'an unset variable',
    '${HUBSPOT_ACCESS_TOKEN}',
    '${NOBODY_SETS_THIS}',
    'config.variable_unset',
    'linchpin.yaml:6:49: The environment variable NOBODY_SETS_THIS is not set.',
  ],
  [
    'an unknown key',
    'write_key:',
    'write_kay:',
    'config.unknown_key',
    'linchpin.yaml:3:29: Unknown key "write_kay" in sources.site. Did you mean "write_key"?',
  ],
  [
    'a wrong type',
    'plan: professional',
    'plan: professional, add_on: perhaps',
    'config.wrong_type',
    'connections.hubspot.add_on must be true or false',
  ],
  [
    'an unknown preset',
    'preset: hubspot/subscribers,',
    'preset: hubspot/subscriber,',
    'config.unknown_preset',
    'linchpin.yaml:8:15: Unknown preset "hubspot/subscriber". Did you mean "hubspot/subscribers"?',
  ],
];

test.each(MISTAKES)(
  '%s is one error with file, line, column and what was meant, and exit code 3',
  async (_what, from, to, code, says) => {
    onTestFinished(() => {
      acme.configure(minimalConfiguration(acme.hubspot.url, acme.sesamy.url));
    });
    acme.reconfigure(from, to);
    const applied = await acme.run('apply', '--dry-run');
    expect(applied).toMatchObject({ code: 3, stdout: '' });
    expect(applied.stderr).toContain(says);
    expect(applied.stderr).toMatch(/^linchpin\.yaml:\d+:\d+: /m);
    expect(applied.stderr.match(/\.yaml:\d+:\d+/g)).toHaveLength(1);
    expect(applied.stderr).toContain(`docs/errors/${code}.md`);
    expect((await acme.run('up', '--port', '0')).code).toBe(3);
  },
);

test('apply --dry-run prints the difference and changes nothing; apply makes it; a second apply has nothing to do', async () => {
  acme.reconfigure('plan: professional', 'plan: enterprise');
  acme.reconfigure(`write_key: ${WRITE_KEY}`, 'write_key: wk_other');
  const dryRun = await acme.run('apply', '--dry-run');
  expect(dryRun).toMatchObject({ code: 0, stderr: '' });
  expect(dryRun.stdout).toContain('settings.plan: "professional" → "enterprise"');
  expect(dryRun.stdout).toContain('secrets.write_key: changed');
  expect(dryRun.stdout).toContain('2 changes would be made.');
  expect(dryRun.stdout).not.toContain('wk_other');

  expect((await acme.run('apply')).stdout).toContain('2 changes made.');
  expect((await acme.run('apply')).stdout).toBe('Everything is as the configuration says.\n');
  expect(readFileSync(join(acme.folder, 'linchpin.yaml'), 'utf8')).toContain('wk_other');
});

async function post(path: string, headers: Readonly<Record<string, string>>, body: object) {
  const answer = await request(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.statusCode, body: await answer.body.json() };
}

async function get(path: string) {
  const answer = await request(`${url}${path}`);
  return { status: answer.statusCode, body: await answer.body.json() };
}
