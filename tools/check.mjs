// `npm run check`: every gate over the tree, a line each.
import { fileURLToPath } from 'node:url';
import { ROOT } from './build.mjs';
import { prepareLintTools, preparePackages } from './setup.mjs';

/** Prints a line per gate and returns how many were green and red. */
export async function runGates() {
  const { GATES, runGate } = await import('./gates.mjs'); // after the packages that some gates use are there
  let failed = 0;
  for (const gate of GATES) {
    const { files, violations, warnings = [] } = await runGate(gate, ROOT);
    if (violations.length > 0) failed += 1;
    const verdict = violations.length === 0 ? 'ok' : `${String(violations.length)} violations`;
    const remarks = warnings.length === 0 ? '' : `, ${String(warnings.length)} warnings`;
    console.log(
      `${violations.length === 0 ? '✓' : '✗'} ${gate.name.padEnd(14)} ${String(files).padStart(5)} files  ${verdict}${remarks}`,
    );
    for (const violation of violations) console.log(`    ${violation}`);
    for (const warning of warnings) console.log(`    warning: ${warning}`);
  }
  return { passed: GATES.length - failed, failed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await preparePackages();
  await prepareLintTools();
  const { failed } = await runGates();
  process.exitCode = failed === 0 ? 0 : 1;
}
