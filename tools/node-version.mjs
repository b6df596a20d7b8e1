// Says what is wrong with the running Node.js before anything else can fail on it.

// The oldest that the dependencies accept (vite and oxlint ask for it, 2026-11); also `engines` in package.json.
const OLDEST = [20, 19];

/** One sentence for a human, or undefined when the version will do. */
export function explainNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Linchpin needs Node.js ${OLDEST.join('.')} or newer; this is ${version}. See https://nodejs.org/en/download.`;
}
