import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../..', import.meta.url));
const MANUAL = readFileSync(new URL('../../../docs/logs.md', import.meta.url), 'utf8');

// A call of a logger with its event, the event of a line, and the one that a helper is given to log.
const WRITTEN = [
  /\.(?:info|warn|error|fatal)\(\s*[^()]*?,\s*'([a-z]+\.[a-z_]+)',?\s*\)/g,
  /\bevent: '([a-z]+\.[a-z_]+)'/g,
  /\bevent = [^;]*?'([a-z]+\.[a-z_]+)' : '([a-z]+\.[a-z_]+)'/g,
  /#tryTo\('([a-z]+\.[a-z_]+)'/g,
];

function eventsInSources(): ReadonlySet<string> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const texts = sources.map((file) => readFileSync(`${SRC}/${file}`, 'utf8'));
  return new Set(
    texts.flatMap((text) =>
      WRITTEN.flatMap((form) => [...text.matchAll(form)].flatMap((found) => found.slice(1))),
    ),
  );
}

test('every line that the log may hold is in docs/logs.md, and every line there may come', () => {
  const described = [...MANUAL.matchAll(/^\| `([a-z]+\.[a-z_]+)`/gm)].map((found) => found[1]);
  const written = eventsInSources();
  expect(written.size).toBeGreaterThan(20);
  expect(new Set(described)).toEqual(written);
  expect(described).toHaveLength(written.size);
});
