// Files are named in kebab-case after what is in them, never after what they are not.
import { basename } from 'node:path';
import { CODE_FOLDERS, listFiles } from '../sources.mjs';

const KEBAB = /^(\.?[a-z0-9]+(-[a-z0-9]+)*)(\.[a-z0-9-]+)*$/;
const SHOUTED = new Set(['README.md', 'DESIGN.md']);
const EMPTY_WORDS =
  /^(utils?|helpers?|common|misc|shared|managers?|services?|processors?|types|(new|old|legacy)-.*|.*-(utils?|helpers?|manager|service|processor)|.*[a-z]\d)$/;
// Vendors version their paths; a number that ends such a name is theirs. So do migrations and error pages.
const NUMBERED = /^(v\d+|base64|sha256|utf8|ga4|e164|oauth2|iso8601|http2)$/;

export const name = 'file names';

/** @param {string} root */
export function check(root) {
  const paths = [
    ...listFiles(root, [...CODE_FOLDERS, 'migrations', 'decisions']),
    ...listFiles(root, ['docs']),
  ];
  const violations = paths.flatMap((path) => {
    // A template has the name of the file that is made of it.
    const bad = path.split('/').find((part) => isBad(part.replace(/\.template$/, '')));
    return bad === undefined
      ? []
      : [`${path}: rename \`${bad}\` (kebab-case, named by the noun or verb inside)`];
  });
  return { files: paths.length, violations };
}

/** @param {string} part */
function isBad(part) {
  if (SHOUTED.has(part)) return false;
  const stem = basename(part).replace(/(?<=.)\..*$/, '');
  // Error pages are named by their code, `ingest.body_too_large.md`; migrations as PostgreSQL writes names.
  const plain = /^[a-z]+\.[a-z0-9_]+\.md$/.test(part)
    ? part.replaceAll('_', '-')
    : part.replace(/_(?=.*\.sql$)/g, '-');
  return !KEBAB.test(plain) || (EMPTY_WORDS.test(stem) && !NUMBERED.test(stem));
}
