/**
 * Brings the store in line with a definition: says first what would change, then changes it in one
 * transaction. What is stored afterwards is what the definition says and nothing else; inputs that still wait
 * are never dropped unasked.
 */
import type { Pool } from 'pg';
import { LinchpinError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { hashCredential } from '../store/credential-hash.ts';
import type { Db } from '../store/db.ts';
import {
  clearReader,
  countOpen,
  deleteConnection,
  deleteFlow,
  deleteParkedOfFlow,
  deleteSource,
  ensureCursor,
  listDeclared,
  moveCursorToHead,
  releaseCredentials,
  upsertConnection,
  upsertFlow,
  upsertSource,
} from '../store/queries/declared.ts';
import type { Declared } from '../store/queries/declared.ts';
import { findSourceByCredential } from '../store/queries/sources.ts';
import { ensureWorkspace, findWorkspaceId, lockWorkspace } from '../store/queries/workspaces.ts';
import type { Sealer } from '../store/seal.ts';
import { sendSignal } from '../store/signals.ts';
import { withTransaction } from '../store/transaction.ts';
import { changesBetween } from './changes.ts';
import type { Change, ChangeKind, Comparable } from './changes.ts';
import { expand } from './expand.ts';
import { recutShards } from './recut-shards.ts';
import type { Registry } from './registry.ts';
import { fromRow, toRow } from './stored-flow.ts';
import { DEFAULT_DELIVERY, toDeliverySettings } from './workspace.ts';
import type { SourceDefinition, WorkspaceDefinition } from './workspace.ts';

export interface ApplyOptions {
  readonly pool: Pool;
  readonly definition: WorkspaceDefinition;
  readonly sealer: Sealer;
  readonly registry: Registry;
  /** Drops inputs that wait for a connection or flow which is to go. */
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
  const workspaceId = await findWorkspaceId(pool, definition.name);
  const stored = workspaceId === undefined ? EMPTY : await listDeclared(pool, workspaceId);
  return changesBetween(unsealed(stored, sealer), expand(definition, registry));
}

const EMPTY: Declared = { sources: [], connections: [], flows: [] };

/** Applies the definition; running workers take it up at once. Applying it again changes nothing. */
export async function applyDefinition({
  pool,
  definition,
  sealer,
  registry,
  force = false,
}: ApplyOptions): Promise<Applied> {
  const wanted = expand(definition, registry);
  const applied = await withTransaction(pool, async (db) => {
    const workspaceId = await ensureWorkspace(db, wanted.name);
    // One apply at a time, so that what is compared is what is changed.
    await lockWorkspace(db, workspaceId);
    const stored = unsealed(await listDeclared(db, workspaceId), sealer);
    const changes = changesBetween(stored, wanted);
    const writer = new Writer(db, workspaceId, changes, sealer);
    if (!force) await writer.assertNothingDropped(stored);
    await writer.remove(stored);
    await writer.write(wanted);
    // A connection without flows is not read, and what came meanwhile may be gone already: like a new one, it begins with
    // what comes next.
    for (const name of firstUsed(stored, wanted)) await moveCursorToHead(db, workspaceId, name);
    return { workspaceId, changes };
  });
  if (applied.changes.length > 0) await sendSignal(pool, 'control', applied.workspaceId);
  return applied;
}

/**
 * The stored workspace in the words of a definition. What was sealed under a lost master key counts as absent:
 * the definition holds every secret, and applying it seals them anew.
 */
function unsealed({ sources, connections, flows }: Declared, sealer: Sealer): Comparable {
  const open = (sealed: string): JsonObject =>
    sealer.canOpen(sealed) ? (JSON.parse(sealer.unseal(sealed)) as JsonObject) : {}; // Sealed below.
  return {
    sources: sources.map(({ name, type, settings, secrets }) => ({
      name,
      type,
      settings,
      secrets: open(secrets),
      credential: '',
    })),
    connections: connections.map(({ name, connector, delivery, settings, secrets }) => ({
      name,
      connector,
      delivery: toDeliverySettings(delivery),
      settings,
      secrets: open(secrets),
    })),
    flows: flows.map(fromRow),
  };
}

/** Connections to which a flow sends from now on, and none did before. */
function firstUsed(stored: Comparable, wanted: Comparable): readonly string[] {
  const [before, after] = [stored, wanted].map(({ flows }) => new Set(flows.map(({ to }) => to)));
  return [...(after ?? [])].filter((name) => before?.has(name) !== true);
}

class Writer {
  readonly #db: Db;
  readonly #workspaceId: number;
  readonly #changes: readonly Change[];
  readonly #sealer: Sealer;

  constructor(db: Db, workspaceId: number, changes: readonly Change[], sealer: Sealer) {
    this.#db = db;
    this.#workspaceId = workspaceId;
    this.#changes = changes;
    this.#sealer = sealer;
  }

  /** Refuses to drop inputs that wait for what is to go, or that another connector could not read. */
  async assertNothingDropped(stored: Comparable): Promise<void> {
    for (const connection of [...this.#gone('connection'), ...this.#reconnected()]) {
      const { parked, deadLetters } = await countOpen(this.#db, this.#workspaceId, connection);
      if (parked + deadLetters > 0) throw inUse('connection', connection, parked + deadLetters);
    }
    for (const name of this.#gone('flow')) {
      const connection = stored.flows.find((flow) => flow.name === name)?.to ?? '';
      const { parked, deadLetters } = await countOpen(this.#db, this.#workspaceId, connection, name);
      if (parked + deadLetters > 0) throw inUse('flow', name, parked + deadLetters);
    }
    for (const { name, connection } of this.#moved(stored)) {
      const { parked } = await countOpen(this.#db, this.#workspaceId, connection, name);
      if (parked > 0) throw inUse('flow', name, parked);
    }
  }

  /** Flows first, because they refer to the others. */
  async remove(stored: Comparable): Promise<void> {
    for (const { name, connection } of this.#moved(stored))
      await deleteParkedOfFlow(this.#db, this.#workspaceId, connection, name);
    for (const name of this.#gone('flow')) await deleteFlow(this.#db, this.#workspaceId, name);
    for (const name of this.#gone('connection')) await deleteConnection(this.#db, this.#workspaceId, name);
    for (const name of this.#reconnected()) await clearReader(this.#db, this.#workspaceId, name);
    for (const name of this.#gone('source')) await deleteSource(this.#db, this.#workspaceId, name);
  }

  async write({ sources, connections, flows }: Comparable): Promise<void> {
    const changedSources = sources.filter(({ name }) => this.#isWritten('source', name));
    // Two sources may have swapped their credentials, each of which only one row can hold at a time.
    const names = changedSources.map(({ name }) => name);
    if (names.length > 0) await releaseCredentials(this.#db, this.#workspaceId, names);
    for (const source of changedSources) await this.#writeSource(source);
    for (const { name, connector, settings, secrets, delivery = DEFAULT_DELIVERY } of connections) {
      if (this.#isWritten('connection', name)) {
        const text = secretsText(secrets);
        await upsertConnection(this.#db, this.#workspaceId, {
          name,
          connector,
          settings,
          secrets: this.#sealer.seal(text),
          secretsFingerprint: this.#sealer.fingerprint(text),
          delivery,
        });
      }
      await ensureCursor(this.#db, this.#workspaceId, name);
      // When its shards are being read, their workers do it as soon as they have let go of them.
      await recutShards(this.#db, this.#workspaceId, name);
    }
    for (const flow of flows) {
      if (this.#isWritten('flow', flow.name)) await upsertFlow(this.#db, this.#workspaceId, toRow(flow));
    }
  }

  async #writeSource({ name, type, settings, secrets, credential }: SourceDefinition): Promise<void> {
    const credentialHash = hashCredential(credential);
    const holder = await findSourceByCredential(this.#db, credentialHash);
    if (holder !== undefined && holder.workspaceId !== this.#workspaceId) {
      throw new LinchpinError('config.credential_taken', {
        message: `The credential of the source ${name} belongs to a source of another workspace.`,
        field: `sources.${name}`,
      });
    }
    const sealed = this.#sealer.seal(secretsText(secrets));
    await upsertSource(this.#db, this.#workspaceId, {
      name,
      type,
      settings,
      secrets: sealed,
      credentialHash,
    });
  }

  #gone(kind: ChangeKind): readonly string[] {
    return this.#changes
      .filter((change) => change.kind === kind && change.action === 'delete')
      .map(({ name }) => name);
  }

  /** Connections that keep their name and get another connector: for their reader they are new. */
  #reconnected(): readonly string[] {
    return this.#changed('connection', 'connector');
  }

  /** Flows that keep their name and send to another connection, with the former one. */
  #moved(stored: Comparable): readonly { readonly name: string; readonly connection: string }[] {
    const names = this.#changed('flow', 'to');
    return stored.flows
      .filter(({ name }) => names.includes(name))
      .map(({ name, to }) => ({ name, connection: to }));
  }

  #changed(kind: ChangeKind, name: string): readonly string[] {
    return this.#changes
      .filter((change) => change.kind === kind && change.fields.some(({ field }) => field === name))
      .map((change) => change.name);
  }

  #isWritten(kind: ChangeKind, name: string): boolean {
    return this.#changes.some(
      (change) => change.kind === kind && change.name === name && change.action !== 'delete',
    );
  }
}

function inUse(kind: 'connection' | 'flow', name: string, count: number): LinchpinError {
  return new LinchpinError('config.connection_in_use', {
    message: `${String(count)} inputs still wait for the ${kind} ${name}, or are its dead letters.`,
    field: `${kind}s.${name}`,
  });
}

/** One text for equal secrets, whatever order they were written in. */
function secretsText(secrets: JsonObject): string {
  return JSON.stringify(inOrder(secrets));
}

function inOrder(secrets: JsonObject): JsonObject {
  const entries = Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isJsonObject(value) ? inOrder(value) : value]),
  );
}
