// No file imports itself through others, not even for types: a cycle means that two files are one story.
import { importsOf, readSources } from '../sources.mjs';

export const name = 'cycles';

/** @param {string} root */
export function check(root) {
  const sources = readSources(root);
  const imports = new Map(
    sources.map((source) => [source.path, importsOf(source).map(({ target }) => target)]),
  );
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map();
  /** @type {string[]} */
  const violations = [];

  /** @param {string} path @param {readonly string[]} trail */
  const visit = (path, trail) => {
    if (state.get(path) === 'open') violations.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (state.has(path)) return;
    state.set(path, 'open');
    for (const target of imports.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };

  for (const path of imports.keys()) visit(path, []);
  return { files: sources.length, violations };
}
