import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { connectors } from '../../connectors/registry.ts';
import { makeRegistry } from '../../flows/registry.ts';
import { OPERATORS } from '../../mapping/conditions/operators.ts';
import { DIRECTIVES } from '../../mapping/directives/all.ts';
import { parseMapping } from '../../mapping/index.ts';
import { parseConfiguration, toJsonSchema } from './index.ts';
import { sourceTypes } from './schema.ts';

const manual = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const mappingManual = readFileSync(new URL('../../../docs/mapping.md', import.meta.url), 'utf8');
const registry = makeRegistry(connectors);

test('the configurations in the manual are right', () => {
  const examples = [...`${manual}\n${mappingManual}`.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? '',
  );
  expect(examples.length).toBeGreaterThan(0);
  for (const text of examples) {
    const lookUp = (name: string): string => `value of ${name}`;
    expect(() => parseConfiguration(text, { file: 'configuration.md', registry, lookUp })).not.toThrow();
  }
});

test('the manual names every key of the file and every type of source', () => {
  const { properties } = toJsonSchema(registry) as { readonly properties: Readonly<Record<string, unknown>> };
  expect(Object.keys(properties).length).toBeGreaterThan(4);
  for (const key of Object.keys(properties)) expect(manual).toContain(`\n## ${key}\n`);
  for (const type of sourceTypes(registry).keys()) expect(manual).toContain(`| \`${type}\``);
});

test('every time of retention that a document names is a setting', () => {
  const { properties } = toJsonSchema(registry) as {
    readonly properties: { readonly retention: { readonly properties: object } };
  };
  const docs = new URL('../../../docs/', import.meta.url);
  const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((page) =>
    page.endsWith('.md'),
  );
  const named = pages.flatMap((page) =>
    [...readFileSync(new URL(page, docs), 'utf8').matchAll(/`retention\.(\w+)`/g)].map((match) => match[1]),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(Object.keys(properties.retention.properties)).toEqual(expect.arrayContaining(named));
});

test('the manual has every directive with an example that is right, and every operator', () => {
  const rows = [...mappingManual.matchAll(/^\| `(\$\w+)` +\| `(.*?)` +\|/gm)];
  expect(rows.map(([, name]) => name)).toEqual([...DIRECTIVES.keys()]);
  for (const [, name = '', example = ''] of rows) {
    const mapping: unknown = parse(example);
    expect(mapping).toHaveProperty([name]);
    expect(parseMapping(mapping)).toMatchObject({ ok: true });
  }
  const table = mappingManual.slice(mappingManual.indexOf('## Conditions'));
  for (const operator of OPERATORS.keys()) expect(table).toContain(`\`${operator}\``);
});
