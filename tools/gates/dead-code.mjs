// knip (tools/lint/knip.json): no file, export or dependency that nothing uses, no dependency left undeclared.
import { join } from 'node:path';
import { run } from '../run.mjs';
import { LINT_TOOLS } from '../setup.mjs';
import { readSources } from '../sources.mjs';

/** @type {Record<string, string>} */
const KINDS = {
  files: 'nothing imports',
  exports: 'nothing uses',
  types: 'nothing uses the type',
  dependencies: 'nothing needs',
  devDependencies: 'nothing needs',
  unlisted: 'package.json does not list',
  unresolved: 'cannot be resolved:',
};

export const name = 'dead code';

/** @param {string} root */
export async function check(root) {
  const knip = join(LINT_TOOLS, 'node_modules', '.bin', 'knip');
  const args = [
    '--config',
    join(LINT_TOOLS, 'knip.json'),
    '--reporter',
    'json',
    '--no-progress',
    '--no-config-hints',
  ];
  const { output } = await run(knip, args, { cwd: root });
  const issues = parse(output);
  if (issues === undefined) return { files: 0, violations: [output.trim().slice(0, 500)] };
  const found = issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, names]) =>
      names.map((one) => ({ kind, text: `${file}: ${KINDS[kind] ?? kind} ${nameOf(one)}` })),
    ),
  );
  // A type that an exported signature mentions may stay exported although nobody names it yet.
  const violations = found.filter(({ kind }) => kind !== 'types').map(({ text }) => text);
  const warnings = found.filter(({ kind }) => kind === 'types').map(({ text }) => text);
  // knip reports no count; the proof that it reads is the planted violation.
  return { files: readSources(root).length, violations, warnings };
}

/**
 * @typedef {{ name: string }} Found
 * @param {Found | Found[]} found
 */
function nameOf(found) {
  return Array.isArray(found) ? found.map(({ name: one }) => one).join(', ') : found.name;
}

/**
 * @param {string} output
 * @returns {({ file: string } & Record<string, Found[]>)[] | undefined} undefined when it is no report
 */
function parse(output) {
  try {
    return /** @type {{ issues: ReturnType<typeof parse> }} */ (JSON.parse(output)).issues;
  } catch {
    // The tool complained in words; the caller shows them.
    return undefined;
  }
}
