/**
 * What the readers of one process know of inputs that may be sent once only: which keys are in flight, and which were
 * delivered but are not on disk yet. What is on disk is known to the store.
 */
import { RecordClaims } from '../outbound/index.ts';
import { sha256Hex } from '../kit/index.ts';
import { findSentOnce } from '../store/queries/sent-once.ts';
import type { OnceScope, SentOnceRow } from '../store/queries/sent-once.ts';
import type { Db } from '../store/db.ts';
import { toStorable } from './work.ts';

// Ids have at most 512 characters (src/subscribers/fields.ts), of up to four bytes; an index entry takes 2,700 bytes
// (postgresql.org/docs/18/btree.html, 2026-11), and names of actions and connections want their share.
const KEY_LENGTH_MAX = 512;

/** A key as it is kept: a longer one is known by its hash. */
export function storableKey(key: string): string {
  const storable = toStorable(key);
  return storable.length <= KEY_LENGTH_MAX ? storable : sha256Hex(key);
}

export class SentOnce {
  readonly #claims = new RecordClaims();
  /** Delivered, and perhaps not on disk; a reader that lost its lease never writes its own. */
  readonly #unwritten = new Map<string, Date>();

  /**
   * Waits until none of the keys is in flight and takes them; the function gives them back. `undefined` when the signal
   * aborted before.
   */
  async claim(
    scope: OnceScope,
    keys: readonly string[],
    signal: AbortSignal,
  ): Promise<(() => void) | undefined> {
    const names = keys.map((key) => nameOf(scope, key));
    return (await this.#claims.claim(names, signal))?.release;
  }

  /** When those of the keys that were delivered before were sent. */
  async find(db: Db, scope: OnceScope, keys: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    // Looked at first: what is written while the store answers is no longer here, and not in its answer yet.
    const unwritten = keys.flatMap((key) => {
      const sentAt = this.#unwritten.get(nameOf(scope, key));
      return sentAt === undefined ? [] : [[key, sentAt] as const];
    });
    return new Map([...(await findSentOnce(db, scope, keys)), ...unwritten]);
  }

  /** They were delivered: to be called before their claim is given back. */
  add(scope: Omit<OnceScope, 'action'>, rows: readonly SentOnceRow[]): void {
    for (const { action, key, sentAt } of rows) {
      this.#unwritten.set(nameOf({ ...scope, action }, key), new Date(sentAt));
    }
  }

  /** They are on disk. */
  written(scope: Omit<OnceScope, 'action'>, rows: readonly SentOnceRow[]): void {
    for (const { action, key } of rows) this.#unwritten.delete(nameOf({ ...scope, action }, key));
  }
}

function nameOf({ workspaceId, connection, action }: OnceScope, key: string): string {
  return JSON.stringify([workspaceId, connection, action, key]);
}
