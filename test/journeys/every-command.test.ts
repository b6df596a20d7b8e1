import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAcme, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { until } from '../support/until.ts';

// One Linchpin runs for the whole file; the commands look at it from outside, as a user would.
let acme: Acme;
let url: string;

beforeAll(async () => {
  acme = await makeAcme();
  const linchpin = await acme.up();
  ({ url } = linchpin);
  await post({
    type: 'identify',
    userId: 'u1',
    messageId: 'm1',
    traits: { email: 'ada@example.com', firstName: 'Ada' },
  });
  await post({ type: 'track', userId: 'u1', messageId: 'm2', event: 'Read' });
  await post({ type: 'identify', messageId: 'm3', traits: {} });
  await acme.settled();
});

afterAll(async () => {
  await acme.close();
});

test('check, apply and a second apply agree with what runs', async () => {
  expect(await acme.ask('check')).toMatchObject([{ ok: true, workspace: 'acme' }]);
  expect(await acme.ask('apply', '--dry-run')).toEqual([{ applied: false, changes: [] }]);
  expect(await acme.ask('apply')).toEqual([{ applied: true, changes: [] }]);
});

test('check --schema prints a JSON Schema that knows every connector', async () => {
  const [schema] = await acme.ask('check', '--schema');
  expect(schema).toMatchObject({ type: 'object', required: ['workspace'], additionalProperties: false });
  expect(JSON.stringify(schema)).toContain('"const":"hubspot"');
});

test('connectors are listed with their settings, secrets marked', async () => {
  const [listed] = await acme.ask('connectors', 'list');
  expect(listed).toMatchObject({
    connectors: expect.arrayContaining([
      expect.objectContaining({
        id: 'hubspot',
        settings: expect.arrayContaining([{ name: 'access_token', secret: true }]),
      }),
    ]),
  });
});

test('events tail shows what came in, and with --rejected what was refused and why', async () => {
  expect(await acme.ask('events', 'tail')).toMatchObject([
    { id: 'm1', type: 'identify', source: 'site' },
    { id: 'm2', type: 'track', name: 'Read' },
  ]);
  expect(await acme.ask('events', 'tail', '--limit', '1')).toMatchObject([{ id: 'm2' }]);
  expect(await acme.ask('events', 'tail', '--rejected')).toMatchObject([
    { source: 'site', code: 'ingest.identity_missing', body: { messageId: 'm3' } },
  ]);
});

test('an event and a person tell their story, and a person is found by address too', async () => {
  await post({ type: 'track', userId: 'u1', messageId: 'm2', event: 'Read' });
  expect(await acme.ask('deliveries', 'show', 'm2')).toMatchObject([{ duplicates: { count: 1 } }]);
  const told = await acme.run('deliveries', 'show', 'm1');
  for (const words of ['ada@example.com', 'now: delivered', '/crm/']) expect(told.stdout).toContain(words);
  for (const key of ['U1', 'Ada@example.com']) {
    expect(await acme.ask('people', 'show', key)).toMatchObject([
      {
        personKeys: ['u1'],
        keysSeen: expect.arrayContaining([{ kind: 'email', value: 'ada@example.com' }]),
        connections: expect.arrayContaining([
          expect.objectContaining({
            connection: 'hubspot',
            latest: expect.objectContaining({ eventId: 'm1' }),
          }),
        ]),
      },
    ]);
  }
  expect(await acme.run('people', 'show', 'nobody')).toMatchObject({ code: 1 });
});

test('dead letters are chosen by what they have in common, and nothing is chosen by accident', async () => {
  expect(await acme.ask('dead-letters', 'list', '--summary')).toEqual([{ counts: [] }]);
  expect(await acme.ask('dead-letters', 'retry', '--code', 'a.b')).toMatchObject([
    { isDryRun: true, matchedCount: 0 },
  ]);
  expect(await acme.ask('dead-letters', 'discard', '--all', '--yes')).toEqual([
    { isDryRun: false, discardedCount: 0 },
  ]);
  for (const args of [['retry'], ['discard'], ['retry', '--input', 'x.json'], ['show', 'x']]) {
    expect(await acme.run('dead-letters', ...args)).toMatchObject({ code: 2 });
  }
});

test.each([
  ['cli.connection_unknown', ['dead-letters', 'list', '--connection', 'nope']],
  ['delivery.flow_unknown', ['dead-letters', 'retry', '--flow', 'nope']],
  ['cli.connection_unknown', ['deliveries', 'list', '--connection', 'nope']],
  ['cli.source_unknown', ['events', 'tail', '--source', 'nope']],
  ['delivery.dead_letter_unknown', ['dead-letters', 'retry', '5']],
  ['delivery.dead_letter_unknown', ['dead-letters', 'discard', '5']],
  ['replay.share_invalid', ['deliveries', 'replay', 'hubspot', '--share', '3']],
])('what nothing has is refused with %s: %j', async (code, args) => {
  const finished = await acme.run(...args, '--json');
  expect(finished.code).toBe(1);
  expect(JSON.parse(finished.stdout)).toMatchObject({ error: { code } });
});

test.each([
  ['store.database_missing', ['doctor']],
  ['store.database_missing', ['deliveries', 'list']],
  ['store.database_missing', ['apply', '--dry-run']],
  ['store.backup_unreadable', ['restore', 'nowhere.backup']],
])('a mistyped data folder or file is told with %s by %j, and nothing is made', async (code, args) => {
  const finished = await acme.run(...args, '--data', 'tpyo', '--json');
  expect(finished.code).toBe(4);
  expect(JSON.parse(finished.stdout)).toMatchObject({ error: { code } });
  expect(existsSync(join(acme.folder, 'tpyo'))).toBe(false);
});

test('the management API answers whoever has the token that the first start made', async () => {
  const token = readFileSync(join(acme.folder, 'data', 'api-token'), 'utf8').trim();
  const ask = (headers: Record<string, string>) => fetch(`${url}/api/deliveries/m1`, { headers });
  expect((await ask({})).status).toBe(401);
  const answer = await ask({ authorization: `Bearer ${token}` });
  expect(await answer.json()).toMatchObject({
    event: { id: 'm1' },
    attempts: [{ action: 'upsert-contact' }],
  });
});

test('a replay is tried out, started, followed to its end and listed', async () => {
  expect(await acme.ask('deliveries', 'replay', 'hubspot', '--type', 'identify')).toMatchObject([
    { isDryRun: true, inputCount: 1, skippedCount: 0, samples: [{ eventId: 'm1' }] },
  ]);
  const [started] = await acme.ask('deliveries', 'replay', 'hubspot', '--event', 'm1', '--yes');
  const { replay } = started as { readonly replay: { readonly id: number } };
  const id = String(replay.id);
  await until(
    async () => ((await acme.ask('replays', 'show', id))[0] as { status: string }).status === 'done',
  );
  expect(await acme.ask('replays', 'list')).toMatchObject([
    { replays: [{ id: replay.id, connection: 'hubspot', share: 1, deliveredCount: 1, failedCount: 0 }] },
  ]);
  for (const verb of ['pause', 'resume', 'cancel'])
    expect(await acme.run('replays', verb, id)).toMatchObject({ code: 1 });
  expect(await acme.run('deliveries', 'replay', 'hubspot', '--flow', 'nothing')).toMatchObject({ code: 1 });
});

test("a flow of one's own is tried out, applied, and writes what its mapping made", async () => {
  const OWN = `  - name: orders
    action: hubspot/upsert-contact
    from: site
    to: hubspot
    when: { all: [{ path: event, equals: Order Completed }, { path: properties.total, at_least: 100 }] }
    map:
      email: { $email: { $path: properties.email } }
      properties: { company: { $formula: '"Bought " & $string($sum(properties.products.price))' } }
`;
  acme.configure(readFileSync(join(acme.folder, 'linchpin.yaml'), 'utf8') + OWN);
  const order = (messageId: string, total: number) => ({
    type: 'track',
    userId: 'u9',
    messageId,
    event: 'Order Completed',
    properties: { email: ' Nine@Example.com', total, products: [{ price: 100 }, { price: 20.5 }] },
  });
  writeFileSync(join(acme.folder, 'order.json'), JSON.stringify(order('m8', 120)));
  const tested = await acme.run('flows', 'test', 'orders', '--event', 'order.json');
  for (const words of ['Condition holds', '"Bought 120.5"', '/batch/upsert'])
    expect(tested.stdout).toContain(words);
  expect(acme.contacts().has('nine@example.com')).toBe(false);

  expect(await acme.ask('apply')).toMatchObject([
    { changes: [{ action: 'create', kind: 'flow', name: 'orders' }] },
  ]);
  // The running process takes the flow up in its own time; an event before that is not for it.
  let tries = 0;
  await until(async () => {
    tries += 1;
    await post(order(`m9-${String(tries)}`, 120));
    await acme.settled();
    return acme.contacts().get('nine@example.com')?.['company'] === 'Bought 120.5';
  });
  await post(order('m10', 50));
  await acme.settled();
  expect((await acme.run('deliveries', 'show', 'm10')).stdout).toContain(
    'orders → hubspot: not matched (Its condition does not hold: all[1]: properties.total at_least 100 (found a number).)',
  );
});

test('doctor finds nothing to act on and names what was rejected', async () => {
  const [report] = await acme.ask('doctor');
  expect(report).toMatchObject({ ok: true });
  expect(JSON.stringify(report)).toContain('1 event rejected in the last day: ingest.identity_missing');
});

test('a backup restored into an empty folder holds the same events', async () => {
  const file = join(acme.folder, 'monday.backup');
  const restored = join(acme.folder, 'restored');
  expect(await acme.ask('backup', file)).toMatchObject([{ file }]);
  expect(await acme.ask('restore', file, '--data', restored)).toMatchObject([{ file }]);
  // What opens no secret needs no key, and makes none in place of the one that is to be put back.
  expect(await acme.ask('events', 'tail', '--data', restored)).toEqual(await acme.ask('events', 'tail'));
  const keyless = await acme.run('deliveries', 'show', 'm1', '--data', restored);
  expect(keyless).toMatchObject({ code: 4 });
  expect(keyless.stderr).toContain('There is no master key');
  expect(existsSync(join(restored, 'master.key'))).toBe(false);
  copyFileSync(join(acme.folder, 'data', 'master.key'), join(restored, 'master.key'));
  expect(await acme.ask('deliveries', 'show', 'm1', '--data', restored)).toMatchObject([
    { event: { id: 'm1' } },
  ]);
  const refused = await acme.run('restore', file);
  expect(refused).toMatchObject({ code: 4 });
  expect(refused.stderr).toContain('store.data_folder_in_use');
});

test.each([
  ['an unknown command', ['frobnicate'], 2],
  ['a port that is none', ['up', '--port', 'eighty'], 2],
  ['a configuration that is not there', ['check', '--config', 'nowhere.yaml'], 3],
  ['a data folder in use', ['up', '--port', '0'], 4],
  ['a connection that does not exist', ['connectors', 'test', 'nowhere'], 1],
] as const)('%s ends with exit code %j and one JSON document', async (_, args, code) => {
  const finished = await acme.run(...args, '--json');
  expect(finished.code).toBe(code);
  expect(JSON.parse(finished.stdout)).toHaveProperty('error.code');
});

test.each(['up', 'worker'])('%s says that its port is taken, and ends with exit code 4', async (command) => {
  const data = command === 'up' ? ['--data', join(acme.folder, 'second')] : [];
  const finished = await acme.run(command, '--port', new URL(url).port, ...data, '--json');
  expect(finished.code).toBe(4);
  expect(JSON.parse(finished.stdout)).toMatchObject({ error: { code: 'http.cannot_listen' } });
});

test('no command shows a secret of the configuration', async () => {
  const secrets = Array.from({ length: 4 }, () => randomBytes(18).toString('base64url'));
  const [key = '', token = '', clientSecret = '', accessToken = ''] = secrets;
  acme.reconfigure(`write_key: ${WRITE_KEY}`, `write_key: "${key}"`);
  acme.reconfigure('token: whs_test', `token: "${token}"`);
  acme.reconfigure('client_secret: secret', `client_secret: "${clientSecret}"`);
  acme.reconfigure('"${HUBSPOT_ACCESS_TOKEN}"', `"${accessToken}"`);
  const commands = [
    ['check'],
    ['apply', '--dry-run'],
    ['apply', '--dry-run', '--json'],
    ['apply', '--json'],
    ['connectors', 'test', 'hubspot', '--json'],
    ['doctor', '--json', '--debug'],
  ];
  for (const command of commands) {
    const { stdout, stderr } = await acme.run(...command);
    for (const secret of secrets) expect(stdout + stderr, command.join(' ')).not.toContain(secret);
  }
  acme.reconfigure('plan: professional', `plan: professional, acess_token: "${accessToken}"`);
  const { code, stdout, stderr } = await acme.run('apply', '--json');
  expect(code).toBe(3);
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
});

async function post(call: object): Promise<void> {
  await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ batch: [call] }),
  });
}
