// Makes a fresh clone ready with nothing but Node and npm. Each step does nothing when its result is in place.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build.mjs';
import { explainNodeVersion } from './node-version.mjs';
import { run, say } from './run.mjs';

/** Installs the packages of the lock file when they are missing or are others; ends the process on failure. */
export async function preparePackages() {
  const complaint = explainNodeVersion();
  if (complaint !== undefined) giveUp(complaint);
  if (hasLockedPackages()) return;
  await npm(['ci', '--include=dev'], ROOT, 'the packages of package-lock.json');
}

// The registries of some platforms lack a few of these tools' optional binaries, and a lock file that names
// a missing one makes `npm ci` fail everywhere; so they live in a folder without a lock (2026-11).
export const LINT_TOOLS = join(ROOT, 'tools', 'lint');

export async function prepareLintTools() {
  const wanted = readJson(join(LINT_TOOLS, 'package.json')).devDependencies ?? {};
  const isInstalled = Object.entries(wanted).every(
    ([name, version]) => readJson(join(LINT_TOOLS, 'node_modules', name, 'package.json')).version === version,
  );
  if (!isInstalled) await npm(['install'], LINT_TOOLS, 'the lint tools');
}

/** npm keeps what it installed in a lock file of its own; optional packages are of other platforms. */
function hasLockedPackages() {
  const locked = readJson(join(ROOT, 'package-lock.json')).packages ?? {};
  const installed = readJson(join(ROOT, 'node_modules', '.package-lock.json')).packages ?? {};
  return Object.entries(locked).every(
    ([path, { version, optional }]) =>
      path === '' ||
      installed[path]?.version === version ||
      (optional === true && installed[path] === undefined),
  );
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {string} what
 */
async function npm(args, cwd, what) {
  say(`Installing ${what} (npm ${args.join(' ')}) …`);
  const startedMs = Date.now();
  const { code } = await run('npm', args, { cwd, show: true });
  if (code !== 0) giveUp(`npm ended with code ${String(code)} in ${cwd}; its messages above say why.`);
  say(`Installed in ${((Date.now() - startedMs) / 1000).toFixed(0)} s.`);
}

/**
 * @typedef {{ version?: string, optional?: boolean }} LockedPackage
 * @param {string} path
 * @returns {{ version?: string, devDependencies?: Record<string, string>, packages?: Record<string, LockedPackage> }}
 */
function readJson(path) {
  return existsSync(path)
    ? /** @type {ReturnType<typeof readJson>} */ (JSON.parse(readFileSync(path, 'utf8')))
    : {};
}

/**
 * @param {string} message
 * @returns {never}
 */
function giveUp(message) {
  say(message);
  process.exit(1);
}
