import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeTemporaryFolder, removeFolder } from '../../../test/support/temporary-folder.ts';
import { parseConfiguration } from '../../ops/config/index.ts';
import { loadRegistry } from '../configured.ts';
import { EXIT } from '../exit-codes.ts';
import { run } from '../run.ts';
import { flowsImportSegment } from './flows-import-segment.ts';

const folder = makeTemporaryFolder();
// The command imports connectors when it runs, which takes seconds on a busy machine; here once, for all tests.
beforeAll(() => import('../../connectors/registry.ts'));
afterAll(() => {
  removeFolder(folder);
});

const EXPORT = {
  data: {
    subscriptions: [
      {
        name: 'Upsert Contact',
        actionSlug: 'upsertContact',
        enabled: true,
        trigger: 'type = "identify"',
        settings: {
          email: { '@path': '$.traits.email' },
          firstname: { '@path': '$.traits.firstName' },
          properties: { greeting: { '@liquid': 'Hi {{ traits.firstName }}' } },
        },
      },
    ],
  },
};

async function imports(content: string, ...flags: readonly string[]) {
  const file = join(folder, 'export.json');
  writeFileSync(file, content);
  let out = '';
  let err = '';
  const code = await run(['flows', 'import-segment', file, ...flags], [flowsImportSegment], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

test('flows go to standard output as linchpin.yaml takes them, remarks to standard error', async () => {
  const { code, out, err } = await imports(JSON.stringify(EXPORT), '--from', 'app', '--to', 'crm');
  expect(code).toBe(EXIT.ok);
  expect(parse(out)).toMatchObject({
    flows: [{ name: 'upsert-contact', action: 'hubspot/upsert-contact', from: 'app', to: 'crm' }],
  });
  expect(err).toContain('Upsert Contact, mapping.properties.greeting.@liquid: ');
  expect(err).toContain('1 flow, 1 not carried over, 0 different');

  const rest = `workspace: acme
sources: { app: { type: segment, write_key: wk } }
connections: { crm: { connector: hubspot, access_token: token } }
`;
  const source = { file: 'linchpin.yaml', registry: await loadRegistry(), lookUp: () => undefined };
  const { definition } = parseConfiguration(rest + out, source);
  expect(definition.flows).toHaveLength(1);
});

test('with --json flows and remarks are one document', async () => {
  const { out } = await imports(JSON.stringify(EXPORT), '--json');
  expect(JSON.parse(out)).toMatchObject({
    flows: [{ name: 'upsert-contact', from: 'site', to: 'hubspot' }],
    remarks: [{ of: 'Upsert Contact', kind: 'left_out' }],
  });
});

test.each([
  ['no JSON', 'id,name'],
  ['no mappings', '{"data":{"subscriptions":[]}}'],
])('a file with %s is refused by name', async (_, content) => {
  const { code, err } = await imports(content);
  expect(code).not.toBe(EXIT.ok);
  expect(err).toContain('export.json');
  expect(err).toContain('cli.import_unreadable');
});
