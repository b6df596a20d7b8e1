import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock, Random } from '../kernel/clock.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Connection } from '../flows/workspace.ts';
import type { EventLog } from '../log/index.ts';
import type { ConnectionClient } from '../outbound/index.ts';
import type { CursorKey, Lease } from '../store/queries/cursors.ts';

/** What a reader works with. */
export interface ReaderParts {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly connection: Connection;
  readonly client: ConnectionClient;
  readonly key: CursorKey;
  readonly lease: Lease;
  /** Aborts when the process will not wait for the store any longer. */
  readonly giveUp: AbortSignal;
  /** Marks the connection as suspended in the store. */
  readonly onSuspended: (fault: Fault) => Promise<void>;
}
