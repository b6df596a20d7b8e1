import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emulatorIds } from '../../emulators/index.ts';
import * as every from '../../src/connectors/every.ts';
import { connectors } from '../../src/connectors/registry.ts';

const here = import.meta.dirname;

// Whatever platform sends whole pictures; nothing is ever asked of it.
const WITHOUT_VENDOR = ['subscribers'];

function foldersOf(path: string): readonly string[] {
  const entries = readdirSync(join(here, '../..', path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

test('every connector has a line in the registry, sorted by its id', () => {
  expect(connectors.map(({ id }) => id)).toEqual(foldersOf('src/connectors').toSorted());
});

test('every connector of a vendor has an emulator', () => {
  const ids = connectors.map(({ id }) => id).filter((id) => !WITHOUT_VENDOR.includes(id));
  expect(emulatorIds()).toEqual(ids);
});

test('every connector of a vendor is held to the suite of all', () => {
  const tests = readdirSync(here)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(here, name), 'utf8'));
  const untested = Object.entries(every).filter(
    ([name, { id }]) =>
      !WITHOUT_VENDOR.includes(id) && !tests.some((text) => text.includes(`describeConnector(${name},`)),
  );
  expect(untested.map(([name]) => name)).toEqual([]);
});

test('no two connectors are addressed by one name of a Segment `integrations` object', () => {
  const names = connectors.flatMap(({ integrationNames }) => integrationNames);
  expect(new Set(names).size).toBe(names.length);
});
