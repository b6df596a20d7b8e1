// Bundles TypeScript into dist/<name>-<fingerprint>/, because Node 20 cannot run it. The fingerprint is taken
// over every source file, so an unchanged tree costs one walk and a changed one builds beside the old bundle:
// a process that is still running from it keeps the chunks that it may load later.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const SOURCE_FOLDERS = ['bin', 'src', 'emulators', 'demo'];
// Old bundles that stay for processes still running from them.
const BUILDS_KEPT = 5;

/**
 * Returns the path of an up-to-date bundle of `entry`, building it when a source has changed.
 *
 * The bundle lies two folders below the root, as `src/<area>/` does, so that
 * `new URL('../../migrations/', import.meta.url)` names the same folder in both.
 * @param {{ name: string, entry: string, alsoWatch?: string[] }} options
 */
export async function build({ name, entry, alsoWatch = [] }) {
  const dist = join(ROOT, 'dist');
  const id = `${name}-${fingerprint([...SOURCE_FOLDERS, ...alsoWatch, 'package.json', 'tools/build.mjs'])}`;
  const output = join(dist, id, `${basename(entry, '.ts')}.js`);
  if (existsSync(output)) return output;

  const unfinished = join(dist, `.${id}-${String(process.pid)}`);
  try {
    mkdirSync(unfinished, { recursive: true });
    await bundle(entry, unfinished);
    publish(unfinished, join(dist, id));
    forgetOldBuilds(dist, name, id);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return output;
}

/**
 * @param {string} entry
 * @param {string} folder
 */
async function bundle(entry, folder) {
  const { build: esbuild } = await import('esbuild'); // loaded only here: it costs 30 ms
  await esbuild({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
  });
}

/**
 * Moves a finished bundle to its place in one step; another start may have been faster with the same one.
 * @param {string} from
 * @param {string} to
 */
function publish(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/**
 * @param {string} dist
 * @param {string} name
 * @param {string} current
 */
function forgetOldBuilds(dist, name, current) {
  const others = readdirSync(dist)
    .filter((entry) => entry.startsWith(`${name}-`) && entry !== current)
    .map((entry) => join(dist, entry))
    .sort((a, b) => modifiedMs(b) - modifiedMs(a));
  for (const folder of others.slice(BUILDS_KEPT - 1)) rmSync(folder, { recursive: true, force: true });
}

/**
 * Zero for a folder that another start has just removed.
 * @param {string} path
 */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** @param {readonly string[]} paths */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) addToHash(hash, path);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Size and time of change stand for the content: reading every file would cost ten times as much.
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 */
function addToHash(hash, path) {
  const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    hash.update(`${path} ${String(stat.size)} ${String(stat.mtimeMs)}\n`);
    return;
  }
  for (const entry of readdirSync(join(ROOT, path)).sort()) addToHash(hash, `${path}/${entry}`);
}
