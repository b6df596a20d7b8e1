import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ERROR_CODES } from './error-codes.ts';

const PAGES = fileURLToPath(new URL('../../docs/errors/', import.meta.url));
const codes = Object.keys(ERROR_CODES).sort();
const pages = readdirSync(PAGES).filter((file) => file.endsWith('.md') && file !== 'README.md');

test('every code has a page and every page a code', () => {
  expect(pages.map((file) => file.replace(/\.md$/, '')).sort()).toEqual(codes);
});

test('every page begins with its code and says what to do', () => {
  expect(pages.length).toBeGreaterThan(0);
  for (const file of pages) {
    const text = readFileSync(`${PAGES}${file}`, 'utf8');
    expect(text.split('\n', 1)[0], file).toBe(`# ${file.replace(/\.md$/, '')}`);
    expect(text, file).toMatch(/^## What to do$/m);
  }
});

test('every code is named after its area', () => {
  for (const code of codes) expect(code).toMatch(/^[a-z]+\.[a-z0-9]+(_[a-z0-9]+)*$/);
});
