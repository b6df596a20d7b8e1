// Tests wait for facts, not for time; none is switched off; names state the guarantee.
import { isTest, lineAt, readSources } from '../sources.mjs';

const RULES = [
  {
    pattern: /\bsetTimeout\(|\bsetInterval\(|timers\/promises|\bsleep\(\s*\d|pg_sleep/g,
    remedy: 'wait for a fact (test/support), not for time',
  },
  { pattern: /\b(test|it|describe)\.(only|skip|todo|fails)\b/g, remedy: 'no test is switched off or alone' },
  {
    pattern: /\b(test|it)(\.\w+)?(\([^()]*\))?\(\s*['"`]should\b/g,
    remedy: 'state the guarantee, without "should"',
  },
  { pattern: /\bretry: *[1-9]|vi\.retry/g, remedy: 'a test that needs a second try is wrong' },
];
// What waits for the tests.
const SUPPORT = /^test\/support\//;

export const name = 'test habits';

/** @param {string} root */
export function check(root) {
  const tests = readSources(root).filter(({ path }) => isTest(path) && !SUPPORT.test(path));
  const violations = tests.flatMap(({ path, code }) =>
    RULES.flatMap(({ pattern, remedy }) =>
      [...code.matchAll(pattern)].map((found) => `${path}:${String(lineAt(code, found.index))} ${remedy}`),
    ),
  );
  return { files: tests.length, violations };
}
