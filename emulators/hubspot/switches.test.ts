import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_SWITCHES } from './switches.ts';

test('the README names every switch and no other', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const assumed = readme.slice(
    readme.indexOf('## What is assumed'),
    readme.indexOf('## What is not emulated'),
  );
  const cells = [...assumed.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => [
    ...cell.matchAll(/`(\w+)`/g),
  ]);
  expect(new Set(cells.map(([, name]) => name))).toEqual(new Set(Object.keys(DEFAULT_SWITCHES)));
  expect(cells).toHaveLength(Object.keys(DEFAULT_SWITCHES).length);
});
