// oxlint with types (tools/lint/oxlint.json): floating promises, open switches, `any`, default exports and more.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../run.mjs';
import { LINT_TOOLS } from '../setup.mjs';
import { CODE_FOLDERS } from '../sources.mjs';

export const name = 'lint';

/** @param {string} root */
export async function check(root) {
  const bin = join(LINT_TOOLS, 'node_modules', '.bin');
  const folders = CODE_FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const config = join(LINT_TOOLS, 'oxlint.json');
  const args = ['-c', config, '--type-aware', '--format=json', '--ignore-pattern=tools/planted', ...folders];
  // oxlint looks for its type-aware half in the node_modules of the folder it runs in, which is not this one.
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: join(bin, 'tsgolint') };
  const { output } = await run(join(bin, 'oxlint'), args, { cwd: root, env });
  const report = parse(output);
  if (report === undefined) return { files: 0, violations: [output.trim()] };
  const violations = report.diagnostics.map(({ code, message, filename, labels }) => {
    const line = labels[0]?.span.line ?? 1;
    return `${relative(root, join(root, filename))}:${String(line)} ${message} ${code}`;
  });
  return { files: report.number_of_files, violations };
}

/**
 * @typedef {{ code: string, message: string, filename: string, labels: { span: { line: number } }[] }} Diagnostic
 * @param {string} output
 * @returns {{ diagnostics: Diagnostic[], number_of_files: number } | undefined} undefined when it is no report
 */
function parse(output) {
  try {
    return /** @type {ReturnType<typeof parse>} */ (JSON.parse(output));
  } catch {
    // The tool complained in words; the caller shows them.
    return undefined;
  }
}
