// The whole tree type-checks, the JavaScript of bin/ and tools/ included.
import { isAbsolute, join, relative } from 'node:path';
import { ROOT } from '../build.mjs';
import { run } from '../run.mjs';

export const name = 'typecheck';

/** @param {string} root */
export async function check(root) {
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { code, output } = await run(tsc, ['-p', root, '--listFiles', '--pretty', 'false'], { cwd: root });
  const lines = output.split('\n').filter((line) => line !== '');
  const files = lines.filter((line) => isAbsolute(line) && !line.includes('node_modules'));
  const violations = lines
    .filter((line) => /\berror TS\d+:/.test(line))
    .map((line) => line.replace(`${root}/`, ''));
  if (code !== 0 && violations.length === 0)
    violations.push(`tsc ended with code ${String(code)}: ${output.slice(-500)}`);
  return { files: files.filter((file) => !relative(root, file).startsWith('..')).length, violations };
}
