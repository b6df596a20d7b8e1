// What the gates look at: files of the tree, their text without comments, and what they import.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/**
 * @typedef {object} GateResult
 * @property {number} files how many files the gate looked at; a gate that looked at none has failed
 * @property {readonly string[]} violations
 * @property {readonly string[]} [warnings]
 *
 * @typedef {object} Gate
 * @property {string} name
 * @property {(root: string) => GateResult | Promise<GateResult>} check
 *
 * @typedef {object} Source
 * @property {string} path relative to the root, with forward slashes
 * @property {string} text
 * @property {string} code the text with comments blanked out, lines kept
 */

const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', 'planted']);
const CODE = /\.(ts|mts|js|mjs)$/;

/** The folders that hold code, in the order in which a reader meets them. */
export const CODE_FOLDERS = ['bin', 'src', 'emulators', 'demo', 'test', 'tools'];

/**
 * Paths of all files below the folders (or files) named, relative to the root.
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {string[]}
 */
export function listFiles(root, folders) {
  return folders.flatMap((folder) => {
    const stat = statSync(join(root, folder), { throwIfNoEntry: false });
    if (stat === undefined) return [];
    if (!stat.isDirectory()) return [folder];
    const names = readdirSync(join(root, folder)).filter((name) => !NOT_OURS.has(name));
    return listFiles(
      root,
      names.sort().map((name) => posix.join(folder, name)),
    );
  });
}

/**
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {Source[]}
 */
export function readSources(root, folders = CODE_FOLDERS) {
  return listFiles(root, folders)
    .filter((path) => CODE.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, code: blankComments(text) };
    });
}

/** @param {string} path */
export function isTest(path) {
  return /\.test(-d)?\.ts$/.test(path) || path.startsWith('test/');
}

/**
 * Line number of an index into a text.
 * @param {string} text
 * @param {number} index
 */
export function lineAt(text, index) {
  return text.slice(0, index).split('\n').length;
}

/**
 * What a file imports, type-only imports included: a path relative to the root, or a package's name.
 * @param {Source} source
 */
export function importsOf({ path, code }) {
  const statement =
    /^(?:import|export)( type)?\b[^'"`;]*?\bfrom '([^'\n]+)'|^import '([^'\n]+)'|\bimport\(\s*'([^'\n]+)'/gm;
  return [...code.matchAll(statement)].map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? '';
    const target = specifier.startsWith('.')
      ? posix.normalize(posix.join(dirname(path), specifier))
      : specifier;
    return { target, isTypeOnly: match[1] !== undefined, line: lineAt(code, match.index) };
  });
}

/**
 * Replaces comments by spaces and keeps everything else where it was, strings that look like comments included.
 * @param {string} text
 */
export function blankComments(text) {
  const token = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`/g;
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}
