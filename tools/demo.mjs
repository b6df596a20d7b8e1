// `npm run demo`: makes the clone ready, then is `linchpin demo`.
import { join } from 'node:path';
import { ROOT } from './build.mjs';
import { preparePackages } from './setup.mjs';

await preparePackages();
process.argv.splice(1, 1, join(ROOT, 'bin', 'linchpin.js'), 'demo');
await import('../bin/linchpin.js');
