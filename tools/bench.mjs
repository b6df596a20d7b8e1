// `npm run bench -- <suite> [--json]`: runs test/bench/<suite>.ts, bundled like Linchpin itself.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, ROOT } from './build.mjs';
import { say } from './run.mjs';
import { preparePackages } from './setup.mjs';

const FOLDER = 'test/bench';

const suites = listSuites();
const [suite, ...args] = process.argv.slice(2);
if (suite === undefined || !suites.includes(suite)) {
  say(`Usage: npm run bench -- <suite> [--json]. Suites: ${suites.join(', ')}.`);
  process.exitCode = 2;
} else {
  await preparePackages();
  const entry = `${FOLDER}/${suite}.ts`;
  const main = await build({ name: `bench-${suite}`, entry, alsoWatch: [FOLDER, 'test/support'] });
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, process.argv.length - 1, main, ...args);
  await import(pathToFileURL(main).href);
}

/** A suite is a program and exports nothing; what suites share does. */
function listSuites() {
  const folder = join(ROOT, FOLDER);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : [];
  const programs = files.filter((file) => !/^export /m.test(readFileSync(join(folder, file), 'utf8')));
  return programs.map((file) => basename(file, '.ts'));
}
