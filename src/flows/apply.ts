/**
 * Brings the store in line with a definition: says first what would change, then changes it in one
 * transaction. Secrets are compared by fingerprint and shown only as changed.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import { LinchpinError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { hashCredential } from '../store/credential-hash.ts';
import type { Sealer } from '../store/seal.ts';
import {
  countOpen,
  deleteConnection,
  deleteFlow,
  deleteSource,
  ensureCursor,
  listDeclared,
  upsertConnection,
  upsertFlow,
  upsertSource,
} from '../store/queries/declared.ts';
import type { Declared } from '../store/queries/declared.ts';
import { ensureWorkspace } from '../store/queries/workspaces.ts';
import { sendSignal } from '../store/signals.ts';
import { withTransaction } from '../store/transaction.ts';
import type { Db } from '../store/db.ts';
import { expand } from './expand.ts';
import type { Registry } from './registry.ts';
import type { WorkspaceDefinition } from './workspace.ts';

export interface Change {
  readonly kind: 'source' | 'connection' | 'flow';
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete';
  /** What differs, for an update; `secrets` stands for all secrets together. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface ApplyOptions {
  readonly pool: Pool;
  readonly definition: WorkspaceDefinition;
  readonly sealer: Sealer;
  readonly registry: Registry;
  /** Removes connections although inputs wait for them. */
  readonly force?: boolean;
}

export interface Applied {
  readonly workspaceId: number;
  readonly changes: readonly Change[];
}

/** What applying the definition would change; changes nothing. */
export async function planApply({
  pool,
  definition,
  sealer,
  registry,
}: ApplyOptions): Promise<readonly Change[]> {
  return withTransaction(pool, async (tx) => {
    const workspaceId = await ensureWorkspace(tx, definition.name);
    return changesOf(await listDeclared(tx, workspaceId), expand(definition, registry), sealer);
  });
}

/** Applies the definition; running workers take it up at once. Applying it again changes nothing. */
export async function applyDefinition({
  pool,
  definition,
  sealer,
  registry,
  force = false,
}: ApplyOptions): Promise<Applied> {
  const wanted = expand(definition, registry);
  const applied = await withTransaction(pool, async (tx) => {
    const workspaceId = await ensureWorkspace(tx, wanted.name);
    const stored = await listDeclared(tx, workspaceId);
    const changes = changesOf(stored, wanted, sealer);
    await write(tx, workspaceId, wanted, changes, sealer, force);
    return { workspaceId, changes };
  });
  if (applied.changes.length > 0) await sendSignal(pool, 'control', applied.workspaceId);
  return applied;
}

type Part = Readonly<Record<string, unknown>> & { readonly name: string };

function changesOf(stored: Declared, wanted: WorkspaceDefinition, sealer: Sealer): readonly Change[] {
  const secretsOf = (secrets: Readonly<Record<string, string>>): string =>
    sealer.fingerprint(secretsText(secrets));
  return [
    ...compare(
      'source',
      stored.sources.map(({ name, type, settings, secrets }) => ({
        name,
        type,
        settings,
        secrets: sealer.fingerprint(sealer.unseal(secrets)),
      })),
      wanted.sources.map(({ name, type, settings, secrets }) => ({
        name,
        type,
        settings,
        secrets: secretsOf(secrets),
      })),
    ),
    ...compare(
      'connection',
      stored.connections.map(({ name, connector, settings, secretsFingerprint }) => ({
        name,
        connector,
        settings,
        secrets: secretsFingerprint,
      })),
      wanted.connections.map(({ name, connector, settings, secrets }) => ({
        name,
        connector,
        settings,
        secrets: secretsOf(secrets),
      })),
    ),
    ...compare(
      'flow',
      stored.flows.map(({ name, preset, source, connection, options }) => ({
        name,
        preset,
        from: source,
        to: connection,
        options,
      })),
      wanted.flows.map(({ name, preset, from, to, options }) => ({ name, preset, from, to, options })),
    ),
  ];
}

function compare(kind: Change['kind'], stored: readonly Part[], wanted: readonly Part[]): readonly Change[] {
  const storedByName = new Map(stored.map((part) => [part.name, part]));
  const wantedNames = new Set(wanted.map(({ name }) => name));
  const changes = wanted.flatMap((part): readonly Change[] => {
    const before = storedByName.get(part.name);
    if (before === undefined) return [{ kind, name: part.name, action: 'create', fields: [] }];
    const fields = differences(before, part);
    return fields.length === 0 ? [] : [{ kind, name: part.name, action: 'update', fields }];
  });
  const gone = stored.filter(({ name }) => !wantedNames.has(name));
  return [...changes, ...gone.map(({ name }): Change => ({ kind, name, action: 'delete', fields: [] }))];
}

function differences(before: Part, after: Part): readonly FieldChange[] {
  return Object.keys(after).flatMap((field): readonly FieldChange[] => {
    if (isDeepStrictEqual(before[field], after[field])) return [];
    if (field === 'secrets') return [{ field, from: '[redacted]', to: '[redacted]' }];
    if (field === 'settings' || field === 'options') {
      return keyDifferences(field, before[field] as JsonObject, after[field] as JsonObject);
    }
    return [{ field, from: before[field], to: after[field] }];
  });
}

function keyDifferences(field: string, before: JsonObject, after: JsonObject): readonly FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => ({ field: `${field}.${key}`, from: before[key], to: after[key] }));
}

async function write(
  tx: Db,
  workspaceId: number,
  wanted: WorkspaceDefinition,
  changes: readonly Change[],
  sealer: Sealer,
  force: boolean,
): Promise<void> {
  const isChanged = (kind: Change['kind'], name: string): boolean =>
    changes.some((change) => change.kind === kind && change.name === name && change.action !== 'delete');
  const gone = (kind: Change['kind']): readonly string[] =>
    changes.filter((change) => change.kind === kind && change.action === 'delete').map(({ name }) => name);

  for (const name of gone('flow')) await deleteFlow(tx, workspaceId, name);
  for (const name of gone('connection')) {
    await assertNothingOpen(tx, workspaceId, name, force);
    await deleteConnection(tx, workspaceId, name);
  }
  for (const name of gone('source')) await deleteSource(tx, workspaceId, name);

  for (const { name, type, settings, secrets, credential } of wanted.sources) {
    if (!isChanged('source', name)) continue;
    const credentialHash = hashCredential(credential);
    await upsertSource(tx, workspaceId, {
      name,
      type,
      settings,
      secrets: sealer.seal(secretsText(secrets)),
      credentialHash,
    });
  }
  for (const { name, connector, settings, secrets } of wanted.connections) {
    if (isChanged('connection', name)) {
      const text = secretsText(secrets);
      const secretsFingerprint = sealer.fingerprint(text);
      await upsertConnection(tx, workspaceId, {
        name,
        connector,
        settings,
        secrets: sealer.seal(text),
        secretsFingerprint,
      });
    }
    await ensureCursor(tx, workspaceId, name);
  }
  for (const { name, preset, from, to, options } of wanted.flows) {
    if (isChanged('flow', name))
      await upsertFlow(tx, workspaceId, { name, preset, source: from, connection: to, options });
  }
}

async function assertNothingOpen(tx: Db, workspaceId: number, name: string, force: boolean): Promise<void> {
  const count = await countOpen(tx, workspaceId, name);
  if (count === 0 || force) return;
  throw new LinchpinError('config.connection_in_use', {
    message: `${String(count)} inputs still wait for the connection ${name}, or are its dead letters.`,
    field: `connections.${name}`,
  });
}

/** One text for equal secrets, whatever order they were written in. */
function secretsText(secrets: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1))));
}
