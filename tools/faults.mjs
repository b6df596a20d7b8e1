// Runs test/faults/run.ts on builds of this moment, so that a source that changes meanwhile changes nothing for a
// process that is started anew:
//   npm run faults -- --rounds n --seed s [--rate r] [--json]     the crash matrix
//   npm run faults -- --sabotage name [--sound] [--json]          a build broken on purpose, or the same story without
//   npm run faults -- --soak minutes [--rate r] [--json]          a steady load with a kill now and then
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { preparePackages } from './setup.mjs';

const FOLDER = 'test/faults';
const alsoWatch = [FOLDER, 'test/support'];

await preparePackages();
const linchpin = await build({ name: 'linchpin', entry: 'bin/main.ts' });
const hubspot = await build({ name: 'faults-hubspot', entry: `${FOLDER}/hubspot-main.ts`, alsoWatch });
const main = await build({ name: 'faults', entry: `${FOLDER}/run.ts`, alsoWatch });
process.setSourceMapsEnabled(true);
const args = process.argv.slice(2);
process.argv.splice(1, process.argv.length - 1, main, '--linchpin', linchpin, '--hubspot', hubspot, ...args);
await import(pathToFileURL(main).href);
