/** `describeConnector` bites: each of these connectors has one defect, and the suite names it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TreeCopy } from '../test/support/tree-copy.ts';
import { makeConnector } from './make-connector.mjs';

interface Planted {
  /** Below the connector's folder, unless it names another. */
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  /** The name of a test that must fail. */
  readonly found: RegExp;
}

const ACTION = 'actions/upsert-contact.ts';

const PLANTED: Readonly<Record<string, Planted>> = {
  'loses-inputs': { file: ACTION, from: 'return outcomes;', to: 'return [];', found: /^is delivered with/ },
  'believes-all': {
    file: ACTION,
    from: /return contact\.success .*\n?.*UNEXPECTED;/,
    to: "return { kind: 'delivered' };",
    found: /page of a proxy/,
  },
  'reads-first': {
    file: ACTION,
    from: 'const { body } =',
    to: "yield* send({ method: 'GET', path: '/account' });\n  const { body } =",
    found: /^is shown before it is sent/,
  },
  'forgets-names': {
    file: ACTION,
    from: '({ ...older, ...newer })',
    to: 'newer',
    found: /^writes by a merged input/,
  },
  'sends-stamps': {
    file: ACTION,
    from: '*deliver(batch) {',
    to: '*deliver(batch, { isReplay }) {\n    if (isReplay) for (const { input } of batch) input.last_name = "again";',
    found: /^leaves the vendor as it is/,
  },
  'calls-too-often': { file: 'index.ts', from: 'calls: 10,', to: 'calls: 1000,', found: /^paces its calls/ },
  'shows-keys': {
    file: 'checks.ts',
    from: '`the key is',
    to: '`the key ${settings.api_key.reveal()} is',
    found: /^its checks pass/,
  },
  'hides-settings': { file: 'README.md', from: /.*`base_url`.*\n/, to: '', found: /README that names every/ },
  'maps-nonsense': {
    file: 'presets/subscribers.ts',
    from: '        email,\n',
    to: "        email: 'nobody',\n",
    found: /makes of each of its events/,
  },
  'proves-nothing': {
    file: 'test',
    from: /failures: \[[^\]]*\]/,
    to: 'failures: []',
    found: /^have a recipe for every row/,
  },
  'proves-another-row': {
    file: 'test',
    from: "{ preset: 'conflict' }",
    to: '{ status: 423 }',
    found: /is met by row 0/,
  },
};

const testOf = (id: string): string => `test/conformance/${id}.test.ts`;

let tree: TreeCopy;
let failed: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  tree = new TreeCopy();
  for (const [id, { file, from, to }] of Object.entries(PLANTED)) {
    await makeConnector(id, tree.root);
    const path = file === 'test' ? testOf(id) : `src/connectors/${id}/${file}`;
    const sound = tree.read(path);
    const planted = sound.replace(from, to);
    if (planted === sound) throw new Error(`${path} has nothing like ${String(from)}.`);
    tree.write(path, planted);
  }
  failed = await tree.test(Object.keys(PLANTED).map(testOf));
  // The test runner takes seconds, more while other tests run.
}, 120_000);
afterAll(() => tree.delete('.'));

test.each(Object.entries(PLANTED))('a connector that %s is found out', (id, { found }) => {
  expect(failed.get(testOf(id))).toContainEqual(expect.stringMatching(found));
});
