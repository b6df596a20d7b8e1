// Every file that prettier knows is formatted by it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check as isFormatted, getFileInfo, resolveConfig } from 'prettier';
import { CODE_FOLDERS, listFiles } from '../sources.mjs';

const READ = /\.(ts|mts|js|mjs|json|md|ya?ml)$/;
const FILES = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'README.md', 'ARCHITECTURE.md'];

export const name = 'format';

/** @param {string} root */
export async function check(root) {
  const roots = [...CODE_FOLDERS, 'decisions', 'docs', ...FILES, 'CONTRIBUTING.md', 'CHANGELOG.md'];
  const paths = listFiles(root, roots).filter((path) => READ.test(path));
  const ignorePath = join(root, '.prettierignore');
  /** @type {string[]} */
  const violations = [];
  for (const path of paths) {
    const file = join(root, path);
    if ((await getFileInfo(file, { ignorePath })).ignored) continue;
    const config = await resolveConfig(file);
    const formatted = await isFormatted(readFileSync(file, 'utf8'), { ...config, filepath: file });
    if (!formatted) violations.push(`${path} is not formatted: npm run format`);
  }
  return { files: paths.length, violations };
}
