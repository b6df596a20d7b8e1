// Runs after `npm ci`: puts `linchpin` among the commands of this clone, so that `npx linchpin` starts it at
// once instead of first installing the clone into npm's cache (0.1 s instead of 0.5 s, npm 11.19, 2026-11).
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build.mjs';

// Windows needs a .cmd file instead of a link; npx falls back to its cache there.
if (process.platform !== 'win32') {
  const commands = join(ROOT, 'node_modules', '.bin');
  mkdirSync(commands, { recursive: true });
  rmSync(join(commands, 'linchpin'), { force: true });
  symlinkSync('../../bin/linchpin.js', join(commands, 'linchpin'));
}
