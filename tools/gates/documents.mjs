// README.md fits on a screen or two, and each of the ten stops of ARCHITECTURE.md names a function in a file.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const README_LINES_MAX = 120;
const STOPS = 10;

export const name = 'documents';

/** @param {string} root */
export function check(root) {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n').length - 1;
  const violations =
    lines > README_LINES_MAX
      ? [`README.md has ${String(lines)} lines; at most ${String(README_LINES_MAX)}`]
      : [];
  const stops = stopsOf(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  if (stops.length !== STOPS)
    violations.push(
      `ARCHITECTURE.md has ${String(stops.length)} stops (numbered lines that name a \`function\` and its \`path/file.ts\`); ten are promised`,
    );
  const files = new Set(stops.map(({ path }) => path));
  violations.push(
    ...stops
      .filter((stop) => !defines(root, stop))
      .map((stop) => `ARCHITECTURE.md: ${stop.path} defines no ${stop.symbol}`),
  );
  return { files: files.size + 2, violations };
}

/**
 * Numbered lines, of a list or a table, that name a function and a file in code spans, in either order.
 * @param {string} text
 */
function stopsOf(text) {
  return text.split('\n').flatMap((item) => {
    const spans = [...item.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
    const path = spans.find((span) => /^[\w./-]+\.ts$/.test(span));
    const symbol = spans
      .map((span) => /^([A-Za-z_]\w*)(\.\w+)?(\(\))?$/.exec(span)?.[0])
      .find((found) => found !== undefined);
    return /^(\d+\. |\| *\d+ *\|)/.test(item) && path !== undefined && symbol !== undefined
      ? [{ path, symbol }]
      : [];
  });
}

/**
 * @param {string} root
 * @param {{ path: string, symbol: string }} stop
 */
function defines(root, { path, symbol }) {
  const file = join(root, path);
  const member = symbol.replace(/\(\)$/, '').split('.').at(-1) ?? symbol;
  const definition = new RegExp(
    `\\b(function\\*?|const|class) ${member}\\b|^ +(async |readonly )*\\*? ?#?${member}[(:<,]`,
    'm',
  );
  return existsSync(file) && definition.test(readFileSync(file, 'utf8'));
}
