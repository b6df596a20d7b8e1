/**
 * `npm run new:connector`, in a copy of the tree: what it writes passes as it is, and what it wrote goes away as it
 * came, as every connector does.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectors } from '../src/connectors/registry.ts';
import { ROOT } from './build.mjs';
import { GATES, runGate } from './gates.mjs';
import { makeConnector } from './make-connector.mjs';
import { run } from './run.mjs';
import { LINT_TOOLS } from './setup.mjs';
import { listFiles } from './sources.mjs';

const ID = 'tiny-news';
const REGISTRIES = ['src/connectors/every.ts', 'emulators/every.ts'];
const FOLDERS = ['bin', 'src', 'emulators', 'test', 'tools', 'docs', 'demo'];
const FILES = ['package.json', 'tsconfig.json', '.prettierrc.json', 'README.md', 'ARCHITECTURE.md'];
// The tools with types, and the test runner, take seconds each, more while other tests run.
const SLOW_MS = 120_000;
// They read a file at a time, or look at what the copy does not have.
const WITHOUT_TYPES = GATES.filter(({ name }) =>
  ['boundaries', 'cycles', 'one place', 'file names', 'words', 'sizes', 'test habits'].includes(name),
);

let tree: string;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'linchpin-tree-'));
  const isOurs = (path: string): boolean => !/\/(node_modules|planted)$/.test(path);
  for (const name of [...FOLDERS, ...FILES]) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true, filter: isOurs });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(tree, path), 'utf8');

/** The complaints of the type checker about these files and all that they import. */
async function typecheck(files: readonly string[]): Promise<readonly string[]> {
  const config = join(tree, 'tsconfig.part.json');
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', files, include: [] }));
  const { output } = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', config, '--pretty', 'false'], {
    cwd: tree,
  });
  rmSync(config);
  return output.split('\n').filter((line) => line.includes('error TS'));
}

/** Deletes a connector as a person would: two folders and two lines. */
function remove(id: string): void {
  for (const folder of [`src/connectors/${id}`, `emulators/${id}`]) {
    rmSync(join(tree, folder), { recursive: true, force: true });
  }
  for (const registry of REGISTRIES) {
    const lines = read(registry).split('\n');
    writeFileSync(join(tree, registry), lines.filter((line) => !line.includes(`'./${id}/`)).join('\n'));
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
  const before = listFiles(tree, FOLDERS);
  await expect(makeConnector(id, tree)).rejects.toThrow(reason);
  expect(listFiles(tree, FOLDERS)).toEqual(before);
});

test(
  'a new connector passes the gates, the type checker and the tests of every connector, and leaves without a trace',
  async () => {
    const before = { files: listFiles(tree, FOLDERS), registries: REGISTRIES.map(read) };
    const written = await makeConnector(ID, tree);
    expect(written).toContain(`test/conformance/${ID}.test.ts`);
    const added = listFiles(tree, FOLDERS).filter((path) => !before.files.includes(path));
    expect(added.toSorted()).toEqual(written.toSorted());

    for (const gate of WITHOUT_TYPES) {
      const { violations } = await runGate(gate, tree);
      expect(
        violations.filter((text) => text.includes(ID)),
        gate.name,
      ).toEqual([]);
    }
    const code = written.filter((path) => path.endsWith('.ts'));
    expect(await typecheck(code)).toEqual([]);
    expect(await lint(code)).toEqual([]);
    expect(await conformance()).toMatch(/Tests .*\d+ passed/);

    remove(ID);
    rmSync(join(tree, `test/conformance/${ID}.test.ts`));
    expect(listFiles(tree, FOLDERS)).toEqual(before.files);
    expect(REGISTRIES.map(read)).toEqual(before.registries);
  },
  SLOW_MS,
);

async function lint(paths: readonly string[]): Promise<readonly string[]> {
  const bin = join(LINT_TOOLS, 'node_modules', '.bin');
  const args = ['-c', join(LINT_TOOLS, 'oxlint.json'), '--type-aware', '--format=unix', ...paths];
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: join(bin, 'tsgolint') };
  const { output } = await run(join(bin, 'oxlint'), args, { cwd: tree, env });
  return output.split('\n').filter((line) => line.includes(ID));
}

/** Runs the test that was written, without the database that the other tests of the whole need. */
async function conformance(): Promise<string> {
  const config = join(tree, 'vitest.part.mjs');
  writeFileSync(config, `export default { test: { include: ['test/conformance/${ID}.test.ts'] } };`);
  const args = ['run', '--root', tree, '--config', config];
  const { output } = await run(join(ROOT, 'node_modules/.bin/vitest'), args, { cwd: tree, env: process.env });
  rmSync(config);
  return output;
}

test(
  'removing a connector is deleting two folders and two lines: the rest stands without any of the integrations',
  async () => {
    // Sesamy is what the emulated platform speaks, and HubSpot has parts of the command line of its own.
    const kept = new Set(['hubspot', 'sesamy', 'subscribers']);
    const removed = connectors.map(({ id }) => id).filter((id) => !kept.has(id));
    expect(removed).not.toEqual([]);
    for (const id of removed) remove(id);
    expect(REGISTRIES.map(read).join('\n')).not.toMatch(new RegExp(`'\\./(${removed.join('|')})/`));
    expect(await typecheck(['src/main.ts', 'src/cli/commands/index.ts', 'bin/emulate.ts'])).toEqual([]);
  },
  SLOW_MS,
);
