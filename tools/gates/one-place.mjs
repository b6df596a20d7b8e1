// What may happen in one place only: reading the environment, reading time and chance, opening sockets, SQL.
import { isTest, lineAt, readSources } from '../sources.mjs';

/** @type {readonly { what: string, pattern: RegExp, within: RegExp, place: RegExp, remedy: string }[]} */
const RULES = [
  {
    what: 'the environment',
    pattern: /\bprocess\.env\b/g,
    within: /^(src|emulators|demo)\//,
    place: /^src\/ops\/config/,
    remedy: 'take a plain value that src/ops/config has read',
  },
  {
    what: 'time or chance',
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(/g,
    within: /^(src|emulators)\//,
    place: /^src\/kernel\/clock\.ts$/,
    remedy: 'take a Clock or a Random of src/kernel/clock.ts',
  },
  {
    what: 'an outgoing call',
    pattern: /(?<![.\w])fetch\(|\bfrom 'undici'|\bhttps?\.request\(|\bnet\.connect\(|\btls\.connect\(/g,
    within: /^src\//,
    place: /^src\/(outbound|store)\//,
    remedy: 'go through src/outbound',
  },
  {
    what: 'SQL',
    pattern: /['"`]\s*(select\s[^'"`]*\sfrom|insert into|update \w+\s+set|delete from|with \w+ as)\s/gi,
    within: /^(src|emulators|demo|bin)\//,
    place: /^src\/store\//,
    remedy: 'write one function for the statement in src/store/queries',
  },
];

export const name = 'one place';

/** @param {string} root */
export function check(root) {
  const sources = readSources(root).filter(({ path }) => !isTest(path));
  const violations = sources.flatMap(({ path, code }) =>
    RULES.filter(({ within, place }) => within.test(path) && !place.test(path)).flatMap(
      ({ what, pattern, remedy }) =>
        [...code.matchAll(pattern)].map(
          (found) => `${path}:${String(lineAt(code, found.index))} ${what}: ${remedy}`,
        ),
    ),
  );
  return { files: sources.length, violations };
}
