// The areas of the code and who may import whom: what an area's line does not name is refused.

const TYPES_ONLY = ' (types)';

/**
 * Folder → what its files may import besides each other; `folder/*` is each of its sub-folders apart, `node:*` every
 * built-in module, ` (types)` what only types may be imported from. The longest folder that fits a file decides.
 * @type {Record<string, readonly string[]>}
 */
const MAY_IMPORT = {
  'src/kernel': ['node:crypto', 'node:util'],
  'src/kit': ['src/kernel', 'ipaddr.js', 'libphonenumber-js', 'zod', 'node:crypto'],
  'src/subscribers': ['src/kernel', 'src/kit', 'zod', 'node:crypto'],
  'src/mapping': ['src/kernel', 'src/kit', 'jsonata', 're2js', 'libphonenumber-js', 'node:crypto'],
  'src/connectors': ['src/kit', 'src/kernel', 'src/connectors/*'],
  'src/connectors/*': ['src/kit', 'src/kernel', 'src/subscribers', 'zod'],
  // Which part of a host name one may register is a list of thousands of rules, kept by a well-known package.
  // What Segment's HubSpot destination was told is read as mappings and conditions of our own.
  'src/connectors/hubspot': ['src/kit', 'src/kernel', 'src/mapping', 'src/subscribers', 'tldts', 'zod'],
  'src/outbound': ['src/kernel', 'src/kit', 'src/flows (types)', 'undici', 'node:*'],
  'src/store': ['src/kernel', 'src/flows', 'pg', 'pg-copy-streams', 'node:*'],
  'src/log': ['src/kernel', 'src/store', 'pg (types)', 'node:*'],
  'src/flows': [
    'src/kernel',
    'src/kit',
    'src/mapping',
    'src/store',
    'pg (types)',
    'zod',
    'node:crypto',
    'node:util',
  ],
  'src/ingest': [
    'src/kernel',
    'src/kit (types)',
    'src/log',
    'src/store',
    'src/flows',
    'src/subscribers',
    'zod',
    'node:*',
  ],
  'src/delivery': [
    'src/kernel',
    'src/kit',
    'src/mapping',
    'src/log',
    'src/store',
    'src/flows',
    'src/outbound',
    'pg (types)',
    'pino (types)',
    'node:*',
  ],
  'src/http': [
    'src/kernel',
    'src/ingest',
    'src/delivery',
    'src/flows',
    'src/log',
    'src/store',
    'fastify',
    'pg (types)',
    'zod',
    'node:*',
  ],
  'src/ops': [
    'src/kernel',
    'src/kit',
    'src/mapping',
    'src/flows',
    'src/store',
    'src/delivery (types)',
    'src/ingest (types)',
    'src/log (types)',
    '@opentelemetry/api',
    'pg (types)',
    'pino',
    'prom-client',
    'yaml',
    'zod',
    'node:*',
  ],
  'src/cli': [
    'src/*',
    'src/main.ts',
    'src/connectors/registry.ts',
    'cli-table3',
    'commander',
    'pg (types)',
    'picocolors',
    'pino',
    'yaml',
    'zod',
    'node:*',
  ],
  'src/engine.ts': ['src/*', 'src/connectors/registry.ts', 'pg (types)', 'pino (types)'],
  'src/main.ts': ['src/*', 'src/engine.ts', 'node:*'],
  'emulators/core': ['src/kernel', 'undici', 'zod', 'node:*'],
  'emulators/*': ['src/kernel', 'emulators/core', 'libphonenumber-js', 'zod', 'node:*'],
  // yaml and zod read seeds from files, and say where one is wrong.
  emulators: ['src/kernel', 'emulators/*', 'commander', 'yaml', 'zod', 'node:*'],
  demo: [
    'src/*',
    'src/main.ts',
    'emulators',
    'emulators/*',
    '@segment/analytics-node',
    'cli-table3',
    'picocolors',
    'pino',
    'node:*',
  ],
  bin: ['src/kernel', 'src/cli', 'src/main.ts', 'emulators', 'demo', 'tools', 'node:*'],
};

// A test may also use these; what it tests, it imports by the rules of its folder.
export const TESTS_MAY_IMPORT = [
  'test/support',
  'src/connectors/registry.ts',
  'src/kernel',
  'vitest',
  'fast-check',
  'zod',
  'node:*',
];

/**
 * The area of a file: one connector or emulator, else one folder of src, else the top folder; a package is its own.
 * @param {string} path
 */
export function areaOf(path) {
  return (
    /^(test\/support|src\/connectors\/[^/]+|src\/[^/]+|emulators\/[^/]+)(?=\/)|^src\/(?:engine|main)\.ts$|^[^/]+/.exec(
      path,
    )?.[0] ?? path
  );
}

/**
 * What the files of an area may import.
 * @param {string} area
 */
export function mayImport(area) {
  return MAY_IMPORT[area] ?? MAY_IMPORT[family(area)] ?? [];
}

/**
 * @param {string} entry
 * @param {string} target
 * @param {boolean} isTypeOnly
 * @returns {boolean}
 */
export function covers(entry, target, isTypeOnly) {
  if (entry.endsWith(TYPES_ONLY))
    return isTypeOnly && covers(entry.slice(0, -TYPES_ONLY.length), target, true);
  if (entry === 'node:*') return target.startsWith('node:');
  const area = areaOf(target);
  return entry === target || entry === area || (entry.endsWith('/*') && entry === family(area));
}

/** @param {string} area */
function family(area) {
  return area.replace(/\/[^/]+$/, '/*');
}
