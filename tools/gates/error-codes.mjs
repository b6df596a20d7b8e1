// Every error code has a page that opens with it, every page has a code, and every code is raised somewhere.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listFiles, readSources } from '../sources.mjs';

const CATALOGUE = 'src/kernel/error-codes/';
const PAGES = 'docs/errors';

export const name = 'error codes';

/** @param {string} root */
export function check(root) {
  const catalogue = listFiles(root, [CATALOGUE.slice(0, -1)])
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('');
  const codes = [...catalogue.matchAll(/^ {2}'([a-z]+\.[a-z0-9_]+)': \{/gm)].map((match) => match[1] ?? '');
  const pages = listFiles(root, [PAGES]).map((path) => basename(path, '.md'));
  const sources = readSources(root, ['src', 'emulators', 'bin']).filter(
    ({ path }) => !path.startsWith(CATALOGUE),
  );
  const violations = [
    ...(codes.length === 0 ? [`${CATALOGUE} holds no code`] : []),
    ...codes.filter((code) => !pages.includes(code)).map((code) => `${code} has no page ${PAGES}/${code}.md`),
    ...pages.filter((page) => !codes.includes(page)).map((page) => `${PAGES}/${page}.md explains no code`),
    ...codes
      .filter((code) => isMistitled(join(root, PAGES, `${code}.md`), code))
      .map((code) => `${PAGES}/${code}.md does not open with "# ${code}"`),
    ...codes
      .filter((code) => !sources.some((source) => source.code.includes(`'${code}'`)))
      .map((code) => `${code} is raised nowhere`),
  ];
  return { files: pages.length + sources.length + 1, violations };
}

/**
 * @param {string} page
 * @param {string} code
 */
function isMistitled(page, code) {
  return existsSync(page) && !readFileSync(page, 'utf8').startsWith(`# ${code}\n`);
}
