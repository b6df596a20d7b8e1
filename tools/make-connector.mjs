// `npm run new:connector <id>`: writes a connector that works, with its emulator and its test, from the templates in
// tools/connector-templates/, and registers both. What is written passes every gate; then it is yours to change.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './build.mjs';
import { explainNodeVersion } from './node-version.mjs';
import { preparePackages } from './setup.mjs';

const TEMPLATES = join(dirname(fileURLToPath(import.meta.url)), 'connector-templates');
const SUFFIX = '.template';

// How the templates spell the one they are about.
const SPELLINGS = {
  id: 'acme-mail',
  name: 'acmeMail',
  type: 'AcmeMail',
  title: 'Acme Mail',
  constant: 'ACME_MAIL',
};

// Folders of emulators/ that are no vendor, what `emulate` takes for every one, and names that no file may have.
const TAKEN = new Set(['core', 'recording', 'all', 'common', 'misc', 'shared', 'types', 'test']);
const KEYWORDS =
  /^(class|const|default|delete|enum|export|function|import|in|new|null|return|super|this|void|with)$/;

/** What stops a connector from being made, for whoever asked for it. */
export class CannotMake extends Error {}

/**
 * Writes the files and the two lines; all or nothing. Returns the paths of what is new, relative to the root.
 * @param {string} id
 * @param {string} [root]
 * @returns {Promise<readonly string[]>}
 */
export async function makeConnector(id, root = ROOT) {
  const complaint = explainId(id) ?? explainExisting(id, root);
  if (complaint !== undefined) throw new CannotMake(complaint);
  const files = await Promise.all(listTemplates().map((template) => fill(template, id)));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { name } = spell(id);
  register(join(root, 'src/connectors/every.ts'), id, name);
  register(join(root, 'emulators/every.ts'), id, `${name}Emulator`);
  return files.map(({ path }) => path);
}

/** @param {string} id */
function explainId(id) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    return `"${id}" is no id: use lower-case letters, digits and single hyphens, a letter first, such as acme-mail.`;
  return TAKEN.has(id) || KEYWORDS.test(id) ? `The id "${id}" is taken by Linchpin itself.` : undefined;
}

/**
 * @param {string} id
 * @param {string} root
 */
function explainExisting(id, root) {
  const paths = [`src/connectors/${id}`, `emulators/${id}`, `test/conformance/${id}.test.ts`];
  const found = paths.find((path) => existsSync(join(root, path)));
  return found === undefined
    ? undefined
    : `${found} is there already: choose another id, or remove it first.`;
}

/** @param {string} id */
function spell(id) {
  const words = id.split('-');
  const capital = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const type = capital.join('');
  return {
    id,
    name: type.charAt(0).toLowerCase() + type.slice(1),
    type,
    title: capital.join(' '),
    constant: words.join('_').toUpperCase(),
  };
}

/** @returns {readonly string[]} relative to the folder of the templates */
function listTemplates(folder = '') {
  return readdirSync(join(TEMPLATES, folder)).flatMap((entry) => {
    const path = posix.join(folder, entry);
    return statSync(join(TEMPLATES, path)).isDirectory() ? listTemplates(path) : [path];
  });
}

/**
 * @param {string} template
 * @param {string} id
 */
async function fill(template, id) {
  const spelled = spell(id);
  const path = placeOf(template.slice(0, -SUFFIX.length), id);
  const text = /** @type {(keyof typeof SPELLINGS)[]} */ (Object.keys(SPELLINGS)).reduce(
    (result, key) => result.replaceAll(SPELLINGS[key], spelled[key]),
    readFileSync(join(TEMPLATES, template), 'utf8'),
  );
  // Lines break elsewhere with a longer name.
  const { format, resolveConfig } = await import('prettier');
  const options = await resolveConfig(join(ROOT, path));
  return { path, text: await format(text, { ...options, filepath: path }) };
}

/**
 * @param {string} path
 * @param {string} id
 */
function placeOf(path, id) {
  return path
    .replace(/^connector\//, `src/connectors/${id}/`)
    .replace(/^emulator\//, `emulators/${id}/`)
    .replace(/^test\/connector/, `test/conformance/${id}`);
}

/**
 * Adds the line of an export in its place by the alphabet.
 * @param {string} file
 * @param {string} id
 * @param {string} name
 */
function register(file, id, name) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const isLine = (/** @type {string} */ line) => line.startsWith('export ');
  const exports = [...lines.filter(isLine), `export { ${name} } from './${id}/index.ts';`].sort();
  writeFileSync(file, [...lines.slice(0, lines.findIndex(isLine)), ...exports, ''].join('\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

async function main() {
  const complaint = explainNodeVersion();
  const [id, ...more] = process.argv.slice(2);
  if (complaint !== undefined || id === undefined || more.length > 0) {
    fail(complaint ?? 'Usage: npm run new:connector <id>, such as acme-mail');
    return;
  }
  await preparePackages();
  try {
    const paths = await makeConnector(id);
    console.log(`Written, and registered in src/connectors/every.ts and emulators/every.ts:\n`);
    for (const path of paths) console.log(`  ${path}`);
    console.log(`\nIt works as it is: npx vitest run --project whole test/conformance/${id}.test.ts`);
    console.log('What to change, and in which order: CONTRIBUTING.md, "Adding a connector".');
  } catch (error) {
    if (!(error instanceof CannotMake)) throw error;
    fail(error.message);
  }
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
