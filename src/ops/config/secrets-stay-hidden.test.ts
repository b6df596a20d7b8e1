import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectors } from '../../connectors/registry.ts';
import { makeRegistry } from '../../flows/registry.ts';
import { parseConfiguration, readEnvironment } from './index.ts';

const registry = makeRegistry(connectors);

// Long enough that no message contains one by chance.
const aSecret = fc.stringMatching(/^[A-Za-z0-9_*&%@!-]{24,40}$/);

/** Damages that keep the secret where a secret belongs, or where nothing is known of what belongs there. */
const DAMAGES: Readonly<Record<string, (yaml: string) => string>> = {
  none: (yaml) => yaml,
  'a wrong source type': (yaml) => yaml.replace('type: segment', 'type: segmnt'),
  'a key of a connection misspelt': (yaml) => yaml.replace('connector: hubspot', 'conector: hubspot'),
  'the key of a token misspelt': (yaml) => yaml.replace('access_token', 'acess_token'),
  'the key of a write key misspelt': (yaml) => yaml.replace('write_key', 'write_kee'),
  'a wrong choice': (yaml) => yaml.replace('plan: free', 'plan: gold'),
  'a brace too many': (yaml) => yaml.replace('{ connector', '{{ connector'),
  'no quotes': (yaml) => yaml.replaceAll('"', ''),
  'a quote missing': (yaml) => yaml.replaceAll('"', "'").replace("'", ''),
  'a secret variable as a choice': (yaml) => yaml.replace('plan: free', 'plan: "${TOKEN}"'),
  'a secret variable as a reference': (yaml) => yaml.replace('from: site', 'from: "${TOKEN}"'),
  'a secret variable as the name': (yaml) => yaml.replace('acme', '${TOKEN}'),
  'a secret variable as a port': (yaml) => `${yaml}http: { port: "\${TOKEN}" }\n`,
};

test.each(Object.entries(DAMAGES))('no error about a configuration shows a secret of it: %s', (_, damage) => {
  fc.assert(
    fc.property(aSecret, aSecret, aSecret, (key, token, variable) => {
      const yaml = damage(`workspace: acme
sources:
  site: { type: segment, write_key: "${key}" }
connections:
  hubspot: { connector: hubspot, access_token: "${token}", plan: free }
flows:
  - { preset: hubspot/identify, from: site, to: hubspot }
`);
      const shown = errorOf(() =>
        parseConfiguration(yaml, {
          file: 'linchpin.yaml',
          registry,
          lookUp: (name) => (name === 'TOKEN' ? variable : undefined),
        }),
      );
      for (const secret of [key, token, variable]) expect(shown).not.toContain(secret);
    }),
  );
});

test('an environment may be printed whole', () => {
  fc.assert(
    fc.property(aSecret, aSecret, (url, key) => {
      const environment = readEnvironment({
        DATABASE_URL: `postgres://${url}`,
        LINCHPIN_MASTER_KEY: key,
        HUBSPOT_ACCESS_TOKEN: key,
      });
      const shown = inspect(environment, { depth: 9 }) + JSON.stringify(environment);
      expect(shown).not.toContain(url);
      expect(shown).not.toContain(key);
    }),
  );
});

test('a wrong environment variable is named without its value', () => {
  for (const name of ['PORT', 'LINCHPIN_LOG_LEVEL', 'DATABASE_URL']) {
    const shown = errorOf(() => readEnvironment({ [name]: 'hunter2' }));
    expect(shown).toContain(name);
    expect(shown).not.toContain('hunter2');
  }
});

/** Everything that an error can show: its words, its stack, its fields. */
function errorOf(run: () => unknown): string {
  try {
    run();
    return '';
  } catch (error) {
    return inspect(error, { depth: 9 }) + JSON.stringify(error);
  }
}
