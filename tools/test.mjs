// `npm test`, everything that CI runs: the gates, all tests on the embedded PostgreSQL, and those of the database
// again on a PostgreSQL of the system. Whatever happens, it ends with one plain line, `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, ROOT } from './build.mjs';
import { runGates } from './check.mjs';
import { startExternalPostgres } from './external-postgres.mjs';
import { run, say } from './run.mjs';
import { prepareLintTools, preparePackages } from './setup.mjs';

/**
 * What is read of vitest's JSON report.
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {VitestFile[]} testResults
 */
/** @typedef {{ name: string, status: string, message: string, assertionResults: VitestTest[] }} VitestFile */
/** @typedef {{ fullName: string, status: string, failureMessages: string[] }} VitestTest */
/** @typedef {{ title: string, passed: number, failed: number, skipped?: number, note?: string, failures?: string[] }} Part */

// A run that hangs is a failure; CI gives the whole of `npm test` a quarter of an hour.
const RUN_MS_MAX = 10 * 60_000;

/** @type {Part[]} */
const parts = [];
// Ctrl-C and a stopping CI end the running tests, so that the server beside them is stopped before this ends.
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interruption.abort());

const scratch = mkdtempSync(join(tmpdir(), 'linchpin-test-'));
try {
  await preparePackages();
  await prepareLintTools();
  await add('build', buildOnce);
  await add('gates', runGates);
  await add('tests', () => runTests('embedded', [], undefined));
  await add('tests of the database on an external PostgreSQL', testOnExternalPostgres);
} finally {
  rmSync(scratch, { recursive: true, force: true });
  printParts();
}

/**
 * Runs one part; one that breaks is one failure and the others still run.
 * @param {string} title
 * @param {() => Promise<Omit<Part, 'title'>>} runPart
 */
async function add(title, runPart) {
  if (interruption.signal.aborted) return;
  say(`\n── ${title} …`);
  try {
    parts.push({ title, ...(await runPart()) });
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    parts.push({ title, passed: 0, failed: 1, note: 'broke off, see above' });
  }
}

/** Once, before tests start Linchpin side by side. */
async function buildOnce() {
  await build({ name: 'linchpin', entry: 'bin/main.ts' });
  return { passed: 1, failed: 0 };
}

/** @returns {Promise<Omit<Part, 'title'>>} */
async function testOnExternalPostgres() {
  const given = process.env['TEST_DATABASE_URL'] ?? '';
  const noStop = () => Promise.resolve();
  const server =
    given === '' ? await startExternalPostgres() : { url: given, version: 'TEST_DATABASE_URL', stop: noStop };
  if (typeof server === 'string') {
    return { passed: 0, failed: 0, note: `SKIPPED: ${server}` };
  }
  try {
    return { ...(await runTests('external', ['--project', 'postgres'], server.url)), note: server.version };
  } finally {
    await server.stop();
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} filters
 * @param {string | undefined} databaseUrl
 */
async function runTests(name, filters, databaseUrl) {
  const results = join(scratch, `${name}.json`);
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const { DATABASE_URL: _ours, TEST_DATABASE_URL: _given, ...inherited } = process.env;
  const env = databaseUrl === undefined ? inherited : { ...inherited, TEST_DATABASE_URL: databaseUrl };
  const options = { cwd: ROOT, show: true, env, timeout: RUN_MS_MAX, signal: interruption.signal };
  const { code, output } = await run(process.execPath, [vitest, 'run', ...reporters, ...filters], options);
  if (output !== '') say(output);
  return countResults(results, code);
}

/**
 * A test file that cannot be loaded has no tests, and an error outside of any test leaves all of them green:
 * both count as one failure.
 * @param {string} path
 * @param {number} code
 */
function countResults(path, code) {
  if (!existsSync(path))
    return { passed: 0, failed: 1, note: `vitest ended with code ${String(code)} and no results` };
  const report = /** @type {VitestReport} */ (JSON.parse(readFileSync(path, 'utf8')));
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = report;
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = numFailedTests + unloaded.length;
  const unexplained = code !== 0 && failed === 0 ? 1 : 0;
  const failures = testResults.flatMap(failuresOf);
  return { passed: numPassedTests, failed: failed + unexplained, skipped: numPendingTests, failures };
}

/**
 * What failed in one file, a line each: said again at the end, because of a long run only the end is read.
 * @param {VitestFile} file
 */
function failuresOf(file) {
  const path = relative(ROOT, file.name);
  const failed = file.assertionResults.filter(({ status }) => status === 'failed');
  if (file.status === 'failed' && failed.length === 0) return [`${path}: ${firstLine(file.message)}`];
  return failed.map((test) => `${path}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
}

/** @param {string | undefined} text */
function firstLine(text) {
  return (text ?? '').split('\n', 1)[0] ?? '';
}

function printParts() {
  for (const { title, passed, failed, skipped = 0, note, failures = [] } of parts) {
    const more = [
      ...(skipped > 0 ? [`${String(skipped)} SKIPPED`] : []),
      ...(note === undefined ? [] : [note]),
    ];
    console.log([`${title}: ${String(passed)} passed, ${String(failed)} failed`, ...more].join(' · '));
    for (const failure of failures) console.log(`  ✗ ${failure}`);
  }
  const passed = parts.reduce((sum, part) => sum + part.passed, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, 0);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 && !interruption.signal.aborted ? 0 : 1;
}
