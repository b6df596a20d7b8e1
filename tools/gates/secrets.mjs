// Nothing that looks like a living credential is committed. What tests and emulators use must look invented.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODE_FOLDERS, lineAt, listFiles } from '../sources.mjs';

// Shapes from the vendors' own documentation and from GitHub's list of secret patterns, 2026-11.
const SHAPES = [
  /\bpat-(na|eu)\d-[0-9a-f]{8}-[0-9a-f-]{27}\b/g, // HubSpot private app
  /\b(sk|rk)_live_[0-9A-Za-z]{16,}/g, // Stripe
  /\bxkeysib-[0-9a-f]{64}-\w+/g, // Brevo
  /\b[0-9a-f]{32}-us\d{1,2}\b/g, // Mailchimp
  /\bEAA[0-9A-Za-z]{60,}/g, // Meta
  /\b(ghp|gho|ghs|github_pat)_\w{30,}/g, // GitHub
  /\bnpm_[0-9A-Za-z]{36}\b/g,
  /\bAKIA[0-9A-Z]{16}\b/g, // AWS
  /\bAIza[0-9A-Za-z_-]{35}\b/g, // Google
  /\bxox[abps]-[0-9A-Za-z-]{20,}/g, // Slack
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
  /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/g, // a signed JSON Web Token
  /\b(postgres|postgresql|https?):\/\/[^\s:/'"`$]+:(?!(secret|password|postgres|linchpin|x+)@)[^\s@/'"`${]{6,}@(?!(127\.0\.0\.1|localhost|host|example)\b)/g,
];

export const name = 'secrets';

/** @param {string} root */
export function check(root) {
  const folders = [...CODE_FOLDERS, '.ci', 'migrations', 'decisions', 'docs'];
  const files = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package.json', '.npmrc'];
  const paths = listFiles(root, [...folders, ...files]).filter((path) => path !== 'tools/gates/secrets.mjs');
  const violations = paths.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return SHAPES.flatMap((shape) =>
      [...text.matchAll(shape)].map(
        (found) =>
          `${path}:${String(lineAt(text, found.index))} looks like a credential: ${found[0].slice(0, 12)}…`,
      ),
    );
  });
  return { files: paths.length, violations };
}
