import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock, Random } from '../kernel/clock.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Connection } from '../flows/workspace.ts';
import type { EventLog } from '../log/index.ts';
import { RecordClaims } from '../outbound/index.ts';
import type { ConnectionClient } from '../outbound/index.ts';
import type { CursorKey, Lease } from '../store/queries/cursors.ts';
import type { DeliveryObserver } from './observer.ts';
import { Quota } from './quota.ts';
import { SentOnce } from './sent-once.ts';

/** What a reader works with. */
export interface ReaderParts {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly observer: DeliveryObserver;
  readonly shared: SharedByReaders;
  readonly connection: Connection;
  readonly client: ConnectionClient;
  readonly key: CursorKey;
  readonly lease: Lease;
  /** False once another worker may read the shard: writes are fenced by the epoch, calls by this. */
  readonly isOwner: () => boolean;
  /** Aborts when the process will not wait for the store any longer. */
  readonly giveUp: AbortSignal;
  /** Marks the connection as suspended, for all its shards; false when it was marked already. */
  readonly onSuspended: (fault: Fault) => Promise<boolean>;
}

/** What the readers of one process share. */
export interface SharedByReaders {
  /** Bytes of event bodies read and not finished. */
  readonly bytes: Quota;
  /** Batches in flight. */
  readonly calls: Quota;
  readonly sentOnce: SentOnce;
  /** Of every connection, each within its own. */
  readonly claims: RecordClaims;
}

// Parsed events take some three times the bytes of their bodies: 256 MB stay well under Node's default heap of 2 to
// 4 GB (nodejs.org/api/cli.html, --max-old-space-size, 2026-11).
const BYTES_MAX = 256 * 1024 * 1024;

// A hundred connections with a handful of calls each; every one of them is a socket.
const CALLS_MAX = 500;

export function makeShared(): SharedByReaders {
  return {
    bytes: new Quota(BYTES_MAX),
    calls: new Quota(CALLS_MAX),
    sentOnce: new SentOnce(),
    claims: new RecordClaims(),
  };
}
