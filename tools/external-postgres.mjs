// A PostgreSQL server of the system for the tests: the oldest one here that Linchpin supports, in a temporary
// folder, on a free port, under an unprivileged user when started as root. No server that runs here is touched.
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, say } from './run.mjs';

const OLDEST_SUPPORTED = 15;
// Where Debian, Ubuntu and the packages of postgresql.org put each major version.
const DEBIAN_FOLDER = '/usr/lib/postgresql';
// Somebody else may take the free port between the search and the start.
const START_ATTEMPTS = 3;

/** @typedef {{ url: string, version: string, stop: () => Promise<void> }} ExternalPostgres */

/**
 * Starts the server, installing the Debian package when it can. A string says why there is none.
 * @returns {Promise<ExternalPostgres | string>}
 */
export async function startExternalPostgres() {
  const bin = findBinaries() ?? (await installDebianPackage());
  if (bin === undefined) {
    return `no PostgreSQL ${String(OLDEST_SUPPORTED)} or newer is installed, and it is installed by itself only as root where apt-get exists. Install the package \`postgresql\`, or set TEST_DATABASE_URL to a server whose user may create databases.`;
  }
  const user = await unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-external-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    return await start({ bin, folder, options: { cwd: folder, ...user }, remove });
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * @param {{ bin: string, folder: string, options: { cwd: string, uid?: number, gid?: number }, remove: () => void }} place
 * @returns {Promise<ExternalPostgres>}
 */
async function start({ bin, folder, options, remove }) {
  const data = join(folder, 'data');
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (options.uid !== undefined && options.gid !== undefined)
    chownSync(passwordFile, options.uid, options.gid);
  const initialise = ['-D', data, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await expectSuccess(
    join(bin, 'initdb'),
    [...initialise, '--encoding=UTF8', '--locale=C', '--no-sync'],
    options,
  );

  const control = join(bin, 'pg_ctl');
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    // No socket file: its default folder may not be writable. No fsync: these tests do not pull the plug.
    const settings = `-p ${String(port)} -h 127.0.0.1 -c unix_socket_directories= -c max_connections=200 -F`;
    const args = ['start', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings];
    const { code, output } = await run(control, args, options);
    if (code !== 0 && attempt < START_ATTEMPTS) continue;
    if (code !== 0) throw new Error(`PostgreSQL did not start: ${output}`);
    const stop = async () => {
      await run(control, ['stop', '-D', data, '-m', 'immediate', '-w'], options);
      remove();
    };
    const { output: version } = await run(join(bin, 'postgres'), ['--version'], options);
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
      version: version.trim(),
      stop,
    };
  }
}

function findBinaries() {
  const majors = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).map(Number) : [];
  const usable = majors.filter((major) => major >= OLDEST_SUPPORTED).sort((a, b) => a - b);
  return usable
    .map((major) => join(DEBIAN_FOLDER, String(major), 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

async function installDebianPackage() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  say('Installing the Debian package `postgresql` for the tests against an external database …');
  const options = { cwd: '/', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-q'], options);
  const { code, output } = await run(
    'apt-get',
    ['install', '-yq', '--no-install-recommends', 'postgresql'],
    options,
  );
  if (code !== 0) say(output);
  return findBinaries();
}

/** PostgreSQL refuses to run as root. */
async function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name], { cwd: '/' })));
    if (uid?.code === 0 && gid?.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`.');
}

/** @returns {Promise<number>} */
function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string }} options
 */
async function expectSuccess(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ended with code ${String(code)}: ${output}`);
}
