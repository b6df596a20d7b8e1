// Words that must not stand in the project: private notes that no reader can open, promises without an owner.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODE_FOLDERS, lineAt, listFiles } from '../sources.mjs';

const RULES = [
  { pattern: /(?<![\w.])\/work\//g, remedy: 'a path of one machine' },
  { pattern: /\b(design|style|engine|dependencies)\.md\b/g, remedy: 'say it here, or name the vendor page' },
  {
    pattern:
      /\bfacts?[:/](?!\/)|\(facts?\b|\bthe seeds?'?\b(?= (say|want|ask|policy|document))|\bof the seeds\b|\bseeds?\/|\bseed 0\d/gi,
    remedy: 'name the vendor page and the date instead',
  },
  // At the end of a quoted text it is a vendor's value: HubSpot has tasks of that type.
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b(?!')/g, remedy: 'do it, or open an issue and leave no mark' },
  { pattern: /(eslint|oxlint)-disable(?!.* -- )[^\n]*/g, remedy: 'give the reason after `--`' },
  { pattern: /@ts-(ignore|nocheck)\b/g, remedy: 'fix the type, or @ts-expect-error with a reason' },
  { pattern: /\bcatch( \([^)]*\))? \{\s*\}/g, remedy: 'say in the block why nothing is done' },
];
const READ = /\.(ts|mts|js|mjs|json|md|sql|ya?ml)$/;
// This gate and its proof hold the words.
const EXEMPT = /^tools\/gates(\/words\.mjs|\.test\.ts)$|package(-lock)?\.json$/;

export const name = 'words';

/** @param {string} root */
export function check(root) {
  const roots = [
    ...CODE_FOLDERS,
    'migrations',
    'decisions',
    'docs',
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
  ];
  const paths = listFiles(root, roots).filter((path) => READ.test(path) && !EXEMPT.test(path));
  const violations = paths.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return RULES.flatMap(({ pattern, remedy }) =>
      [...text.matchAll(pattern)].map(
        (found) => `${path}:${String(lineAt(text, found.index))} \`${found[0].trim()}\`: ${remedy}`,
      ),
    );
  });
  return { files: paths.length, violations };
}
