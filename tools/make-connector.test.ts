/**
 * `npm run new:connector`, in a copy of the tree: what it writes passes as it is, and what it wrote goes away as it
 * came, as every connector does.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectors } from '../src/connectors/registry.ts';
import { TreeCopy } from '../test/support/tree-copy.ts';
import { GATES, runGate } from './gates.mjs';
import { makeConnector } from './make-connector.mjs';
import { run } from './run.mjs';
import { LINT_TOOLS } from './setup.mjs';

const ID = 'tiny-news';
const OWN_TEST = `test/conformance/${ID}.test.ts`;
const REGISTRIES = ['src/connectors/every.ts', 'emulators/every.ts'];
// The tools with types, and the test runner, take seconds each, more while other tests run.
const SLOW_MS = 120_000;
const WITHOUT_TYPES = GATES.filter(({ name }) =>
  ['boundaries', 'cycles', 'one place', 'file names', 'words', 'sizes', 'test habits'].includes(name),
);

let tree: TreeCopy;

beforeAll(() => {
  tree = new TreeCopy();
});
afterAll(() => tree.delete('.'));

/** Deletes a connector as a person would: two folders and two lines. */
function remove(id: string): void {
  tree.delete(`src/connectors/${id}`);
  tree.delete(`emulators/${id}`);
  for (const registry of REGISTRIES) {
    const lines = tree.read(registry).split('\n');
    const kept = lines.filter((line) => !line.includes(`'./${id}/`));
    expect(lines.length - kept.length, `lines of ${id} in ${registry}`).toBe(1);
    tree.write(registry, kept.join('\n'));
  }
}

test.each([
  ['Tiny', /"Tiny" is no id/],
  ['tiny_news', /is no id/],
  ['2fast', /is no id/],
  ['../tiny', /is no id/],
  ['core', /"core" is taken/],
  ['delete', /"delete" is taken/],
  ['hubspot', /src\/connectors\/hubspot is there already/],
])('the id %s is refused with the reason, and nothing is written', async (id, reason) => {
  const before = tree.list();
  await expect(makeConnector(id, tree.root)).rejects.toThrow(reason);
  expect(tree.list()).toEqual(before);
});

test(
  'a new connector passes the gates, the type checker and the tests of every connector, and leaves without a trace',
  async () => {
    const before = { files: tree.list(), registries: REGISTRIES.map((path) => tree.read(path)) };
    const written = await makeConnector(ID, tree.root);
    const added = tree.list().filter((path) => !before.files.includes(path));
    expect(added.toSorted()).toEqual(written.toSorted());

    for (const gate of WITHOUT_TYPES) {
      const { violations } = await runGate(gate, tree.root);
      expect(
        violations.filter((text) => text.includes(ID)),
        gate.name,
      ).toEqual([]);
    }
    const code = written.filter((path) => path.endsWith('.ts'));
    expect(await tree.typecheck(code)).toEqual([]);
    expect(await lint(code)).toEqual([]);
    expect(await tree.test([OWN_TEST])).toEqual(new Map([[OWN_TEST, []]]));

    remove(ID);
    tree.delete(OWN_TEST);
    expect(tree.list()).toEqual(before.files);
    expect(REGISTRIES.map((path) => tree.read(path))).toEqual(before.registries);
  },
  SLOW_MS,
);

async function lint(paths: readonly string[]): Promise<readonly string[]> {
  const bin = join(LINT_TOOLS, 'node_modules', '.bin');
  const args = ['-c', join(LINT_TOOLS, 'oxlint.json'), '--type-aware', '--format=unix', ...paths];
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: join(bin, 'tsgolint') };
  const { output } = await run(join(bin, 'oxlint'), args, { cwd: tree.root, env });
  return output.split('\n').filter((line) => line.includes(ID));
}

test(
  'removing a connector is deleting two folders and two lines: the rest stands without any of the integrations',
  async () => {
    // Sesamy is what the emulated platform speaks, HubSpot has parts of the command line, and the third has no vendor.
    const kept = new Set(['hubspot', 'sesamy', 'subscribers']);
    const removed = connectors.map(({ id }) => id).filter((id) => !kept.has(id));
    expect(removed).not.toEqual([]);
    for (const id of removed) remove(id);
    expect(await tree.typecheck(['src/main.ts', 'src/cli/commands/index.ts', 'bin/emulate.ts'])).toEqual([]);
  },
  SLOW_MS,
);
