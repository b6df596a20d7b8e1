import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './build.mjs';
import { GATES, runGate } from './gates.mjs';
import * as secrets from './gates/secrets.mjs';

// The tools with types take a second each, more while other tests run.
const SLOW_MS = 60_000;

/** What each gate must find in its planted tree, `tools/planted/<gate>/`. */
const PLANTED: Readonly<Record<string, readonly RegExp[]>> = {
  boundaries: [
    /src\/kernel\/ids\.ts:1 imports src\/store\/pool\.ts: not among/,
    /src\/store\/pool\.ts:1 imports undici: not among/,
    /src\/log\/read\.ts:1 imports src\/store\/pool\.ts: enter through src\/store\/index\.ts/,
    /src\/connectors\/acme\/index\.ts:1 imports node:fs: not among/,
    /src\/connectors\/acme\/index\.ts:2 imports src\/connectors\/other\/index\.ts: not among/,
    /src\/connectors\/acme\/index\.ts:3 imports emulators\/acme\/index\.ts: not among/,
    /emulators\/acme\/index\.ts:1 imports src\/connectors\/acme\/index\.ts: not among/,
  ],
  cycles: [/src\/log\/append\.ts → src\/log\/read\.ts → src\/log\/append\.ts/],
  'one place': [
    /:3 the environment/,
    /:3 time or chance/,
    /:4 time or chance/,
    /:5 an outgoing call/,
    /:6 SQL/,
  ],
  'file names': [/rename `parseBody\.ts`/, /rename `string-helpers\.ts`/, /rename `utils`/],
  words: [/:1 `TODO`/, /:1 `\/work\/`/, /:1 `design\.md`/, /:2 `oxlint-disable/, /:6 `catch \{\}`/],
  'error codes': [
    /ingest\.unexplained has no page/,
    /ingest\.forgotten\.md explains no code/,
    /ingest\.body_too_large\.md does not open with/,
    /ingest\.unraised is raised nowhere/,
  ],
  sizes: [/long\.ts has 401 lines/, /long\.test\.ts has 501 lines/],
  'root entries': [/notes\.txt is not expected/],
  'test habits': [/:3 no test is switched off or alone/, /:3 state the guarantee/, /:4 wait for a fact/],
  documents: [/README\.md has 121 lines/, /has 2 stops/, /src\/ingest\/accept\.ts defines no vanish/],
  'dead code': [
    /nothing imports src\/log\/forgotten\.ts/,
    /nothing uses unused/,
    /nothing needs left-pad/,
    /undeclared/,
  ],
  typecheck: [/src\/log\/append\.ts\(2,3\): error TS2322/],
  lint: [
    /no-floating-promises/,
    /no-explicit-any/,
    /no-unsafe-argument/,
    /switch-exhaustiveness-check/,
    /no-default-export/,
  ],
  format: [/src\/log\/append\.ts is not formatted/],
};

// What the gate for secrets must find may not stand in any tree, so the test below makes it up.
const planted = GATES.filter(({ name }) => name in PLANTED);

test.each(planted)('the gate "$name" finds exactly what was planted', { timeout: SLOW_MS }, async (gate) => {
  const root = join(ROOT, 'tools', 'planted', gate.name.replaceAll(' ', '-'));
  const { files, violations } = await runGate(gate, root);
  const expected = PLANTED[gate.name] ?? [];

  expect(files).toBeGreaterThan(0);
  for (const pattern of expected) expect(violations).toContainEqual(expect.stringMatching(pattern));
  for (const violation of violations)
    expect(
      expected.some((pattern) => pattern.test(violation)),
      violation,
    ).toBe(true);
});

test('every gate has been seen red', () => {
  const names = GATES.map(({ name }) => name).filter((name) => name !== secrets.name);
  expect(names.toSorted()).toEqual(Object.keys(PLANTED).toSorted());
});

test.each([
  ['HubSpot', `pat-na1-${'0a1b'.repeat(2)}-1111-2222-3333-444455556666`],
  ['Stripe', `sk_live_${'a1B2'.repeat(6)}`],
  ['Brevo', `xkeysib-${'0a'.repeat(32)}-abcdef`],
  ['Mailchimp', `${'0a'.repeat(16)}-us21`],
  ['Amazon', `AKIA${'A1B2'.repeat(4)}`],
  ['a private key', ['-----BEGIN', 'RSA', 'PRIVATE', 'KEY-----'].join(' ')],
  ['a database', `postgres://app:${'a1B2'.repeat(3)}@db.acme.io/app`],
])('a credential of %s is found', async (_, credential) => {
  const root = mkdtempSync(join(tmpdir(), 'linchpin-gate-'));
  try {
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'src', 'settings.ts'), `export const token = '${credential}';\n`);
    const { violations } = await runGate(secrets, root);
    expect(violations).toEqual([expect.stringMatching(/^src\/settings\.ts:1 looks like a credential/)]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test(
  'a gate that looks at nothing is red',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'linchpin-gate-'));
    try {
      for (const gate of GATES) {
        const { violations } = await runGate(gate, root);
        expect(violations, gate.name).not.toEqual([]);
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  },
  SLOW_MS,
);
