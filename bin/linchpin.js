#!/usr/bin/env node
// The `linchpin` command: builds Linchpin when its source has changed, then runs it.
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, ROOT } from '../tools/build.mjs';
import { explainNodeVersion } from '../tools/node-version.mjs';

const complaint = explainNodeVersion() ?? explainMissingPackages();
if (complaint === undefined) await start();
else fail(complaint);

async function start() {
  let main;
  try {
    main = await build({ name: 'linchpin', entry: 'bin/main.ts' });
  } catch (error) {
    fail(explainFailedBuild(error));
    return;
  }
  // Stack traces name the lines of src/. Costs nothing measurable at start (2026-11).
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
}

function explainMissingPackages() {
  if (existsSync(join(ROOT, 'node_modules'))) return undefined;
  return `The packages are not installed yet. Run \`npm ci\` in ${ROOT}, then try again.`;
}

/** @param {unknown} error */
function explainFailedBuild(error) {
  const reason = error instanceof Error ? error.message : String(error);
  if (isWritable(join(ROOT, 'dist'))) return `Linchpin could not be built from its source. ${reason}`;
  return (
    `The source has changed and must be built again, but ${join(ROOT, 'dist')} is not writable for you. ` +
    'Start Linchpin once as the user who owns that folder.'
  );
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK);
    return true;
  } catch {
    // Refused: that is the answer.
    return false;
  }
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
