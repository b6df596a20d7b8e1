// A file tells one story, and a story that needs more lines than this is two.
import { isTest, readSources } from '../sources.mjs';

const SOURCE_LINES_MAX = 400;
const SOURCE_LINES_WARN = 250;
const TEST_LINES_MAX = 500;

export const name = 'sizes';

/** @param {string} root */
export function check(root) {
  const sources = readSources(root).map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  const long = sources.filter(
    ({ path, lines }) => lines > (isTest(path) ? TEST_LINES_MAX : SOURCE_LINES_MAX),
  );
  const longish = sources.filter(
    ({ path, lines }) => !isTest(path) && lines > SOURCE_LINES_WARN && lines <= SOURCE_LINES_MAX,
  );
  return {
    files: sources.length,
    violations: long.map(({ path, lines }) => `${path} has ${String(lines)} lines: split it by story`),
    warnings: longish.map(({ path, lines }) => `${path} has ${String(lines)} lines`),
  };
}
