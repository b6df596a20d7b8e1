import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../../test/support/temporary-folder.ts';
import { run } from '../run.ts';
import { flowsTest } from './flows-test.ts';

const CONFIGURATION = `workspace: acme
sources:
  site: { type: segment, write_key: wk_test }
connections:
  hubspot: { connector: hubspot, access_token: pat-very-secret }
flows:
  - name: orders
    action: hubspot/upsert-contact
    from: site
    to: hubspot
    when: { all: [{ path: event, equals: Order Completed }, { path: properties.total, at_least: 100 }] }
    map:
      email: { $email: { $path: properties.email } }
      properties: { last_order: { $path: properties.order_id } }
`;
const ORDER = {
  type: 'track',
  userId: 'u1',
  event: 'Order Completed',
  properties: { email: 'Ada@Example.com', order_id: 'o1', total: 120 },
};

let folder: string;
let count = 0;

// The command imports what it needs when it runs, which takes seconds on a busy machine; here once, for all tests.
beforeAll(async () => {
  await Promise.all([import('../../connectors/registry.ts'), import('../../delivery/index.ts')]);
  folder = makeTemporaryFolder();
  writeFileSync(join(folder, 'linchpin.yaml'), CONFIGURATION);
});

afterAll(() => {
  removeFolder(folder);
});

function fileOf(json: unknown): string {
  count += 1;
  const file = join(folder, `${String(count)}.json`);
  writeFileSync(file, JSON.stringify(json));
  return file;
}

async function tried(event: unknown, ...flags: readonly string[]) {
  let out = '';
  let err = '';
  const config = join(folder, 'linchpin.yaml');
  const args = ['flows', 'test', 'orders', '--event', fileOf(event), '--config', config, ...flags];
  const code = await run(args, [flowsTest], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

test('a matching event shows its input and the exact request, with no secret', async () => {
  const { code, out } = await tried(ORDER);
  expect(code).toBe(0);
  for (const words of [
    'Condition holds',
    '"email": "ada@example.com"',
    '/contacts/batch/upsert',
    '"last_order": "o1"',
  ])
    expect(out).toContain(words);
  expect(out).not.toContain('pat-very-secret');
});

test('an event that is not for the flow shows the leaf that fails, with its value', async () => {
  const { code, out } = await tried({ ...ORDER, properties: { ...ORDER.properties, total: 50 } });
  expect(code).toBe(0);
  expect(out).toContain('all[1]: properties.total at_least 100 fails, found a number: 50');
  expect(out).not.toContain('batch/upsert');
});

test('a mapping that fails is a finding, and names the field', async () => {
  const event = { ...ORDER, properties: { ...ORDER.properties, email: 'nobody' } };
  const { code, out } = await tried(event, '--json');
  expect(code).toBe(5);
  expect(JSON.parse(out)).toMatchObject({
    decision: 'failed',
    reason: expect.stringContaining('email: the value is no e-mail address') as string,
  });
});

test("with answers of one's own it goes on to the outcome", async () => {
  const read = {
    results: [{ name: 'last_order', type: 'string' }],
  };
  const answers = fileOf([
    { status: 200, body: read },
    { status: 200, body: { results: [] } },
    { status: 401, body: {} },
  ]);
  const { out } = await tried(ORDER, '--json', '--answers', answers);
  expect(JSON.parse(out)).toMatchObject({
    calls: [{ method: 'GET' }, { method: 'POST' }, { answer: { from: 'given', status: 401 } }],
    end: { kind: 'failed', failure: { kind: 'suspended' } },
  });
});

test('an event of the log is taken as it is', async () => {
  const logged = {
    id: 'm1',
    source: 'site',
    type: 'track',
    name: 'Order Completed',
    personKey: 'u1',
    occurredAt: '2026-11-20T12:00:00.000Z',
    receivedAt: '2026-11-20T12:00:00.000Z',
    payload: { properties: ORDER.properties },
  };
  const { out } = await tried({ event: logged, flows: [] }, '--json');
  expect(JSON.parse(out)).toMatchObject({ event: { id: 'm1' }, decision: 'input' });
});

test.each<[string, unknown, readonly string[], number, string]>([
  ['an event that ingest would refuse', { type: 'track', event: 'x' }, [], 1, 'ingest.identity_missing'],
  ['answers without a status', ORDER, ['--answers', 'ANSWERS'], 2, 'has no status'],
])('%s is named', async (_, event, flags, code, words) => {
  const answers = fileOf([{}]);
  const finished = await tried(event, ...flags.map((flag) => (flag === 'ANSWERS' ? answers : flag)));
  expect(finished.code).toBe(code);
  expect(finished.err).toContain(words);
});
