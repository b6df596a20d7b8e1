/**
 * Writes down the schema of a database from PostgreSQL's own catalogue, the same text on every version from
 * 15 on, so that a migration shows in review as what it changes. Day partitions are left out: they come and go.
 */
import { readSchema } from './queries/schema.ts';
import type { SchemaPart } from './queries/schema.ts';
import type { Db } from './db.ts';

const HEADER = '-- The schema after all migrations. Written by `npm run schema`; a test compares it.\n';

export async function dumpSchema(db: Db): Promise<string> {
  const parts = await readSchema(db);
  const sections = parts.filter(({ kind }) => kind === 'table').map((table) => dumpTable(table, parts));
  for (const kind of ['sequence', 'function'] as const) {
    sections.push(
      ...parts.filter((part) => part.kind === kind).map(({ definition }) => `${definition.trim()};`),
    );
  }
  return `${HEADER}\n${sections.join('\n\n')}\n`;
}

function dumpTable(table: SchemaPart, parts: readonly SchemaPart[]): string {
  const own = (kind: SchemaPart['kind']): readonly string[] =>
    parts
      .filter((part) => part.kind === kind && part.owner === table.name)
      .map(({ definition }) => definition);
  const body = [...own('column'), ...own('constraint')].map((line) => `  ${line}`).join(',\n');
  const indexes = own('index').map((definition) => `${definition};`);
  return [`create table ${table.name} (\n${body}\n)${table.definition};`, ...indexes].join('\n');
}
