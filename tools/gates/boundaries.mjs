// Every import crosses only the borders that tools/areas.mjs opens, and enters an area through its index.ts.
import { areaOf, covers, mayImport, TESTS_MAY_IMPORT } from '../areas.mjs';
import { importsOf, isTest, readSources } from '../sources.mjs';

// Tests of the whole and tools may use everything.
const FREE = /^(test|tools)\//;

export const name = 'boundaries';

/** @param {string} root */
export function check(root) {
  const sources = readSources(root);
  const doors = new Set(sources.map(({ path }) => path).filter((path) => path.endsWith('/index.ts')));
  const violations = sources.flatMap((source) =>
    importsOf(source).flatMap(({ target, isTypeOnly, line }) => {
      const reason = forbidden(source.path, target, isTypeOnly) ?? pastTheDoor(source.path, target, doors);
      return reason === undefined ? [] : [`${source.path}:${String(line)} imports ${target}: ${reason}`];
    }),
  );
  return { files: sources.length, violations };
}

/**
 * @param {string} path
 * @param {string} target
 * @param {boolean} isTypeOnly
 */
function forbidden(path, target, isTypeOnly) {
  const area = areaOf(path);
  if (FREE.test(path) || areaOf(target) === area) return undefined;
  const allowed = [...mayImport(area), ...(isTest(path) ? TESTS_MAY_IMPORT : [])];
  return allowed.some((entry) => covers(entry, target, isTypeOnly))
    ? undefined
    : `not among what ${area} may import`;
}

/**
 * @param {string} path
 * @param {string} target
 * @param {ReadonlySet<string>} doors
 */
function pastTheDoor(path, target, doors) {
  const door = `${areaOf(target)}/index.ts`;
  if (areaOf(path) === areaOf(target) || !doors.has(door) || target === door || isTest(path))
    return undefined;
  return `enter through ${door}`;
}
