// The root is a shop window: few entries, all of them expected.
import { readdirSync } from 'node:fs';

const ENTRIES_MAX = 20;
const EXPECTED = new Set(
  [
    ['.ci', '.gitignore', '.npmrc', '.prettierignore', '.prettierrc.json'],
    ['ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md'],
    ['bin', 'decisions', 'demo', 'docs', 'emulators', 'migrations', 'src', 'test', 'tools'],
    ['package-lock.json', 'package.json', 'tsconfig.json', 'vitest.config.ts'],
  ].flat(),
);
// Made by git, npm, Linchpin and the test runner; .gitignore names all but the first.
const MADE = new Set(['.git', 'node_modules', 'dist', 'data', 'coverage', '.env']);

export const name = 'root entries';

/** @param {string} root */
export function check(root) {
  const entries = readdirSync(root).filter((entry) => !MADE.has(entry));
  const visible = entries.filter((entry) => !entry.startsWith('.'));
  const violations = entries
    .filter((entry) => !EXPECTED.has(entry))
    .map(
      (entry) => `${entry} is not expected in the root: move it, or add it to tools/gates/root-entries.mjs`,
    );
  if (visible.length > ENTRIES_MAX)
    violations.push(`${String(visible.length)} entries; at most ${String(ENTRIES_MAX)}`);
  return { files: entries.length, violations };
}
