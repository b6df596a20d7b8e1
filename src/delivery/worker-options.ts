/** What a worker works with. */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Connection, Workspace } from '../flows/workspace.ts';
import type { Clock, Random } from '../kernel/clock.ts';
import type { EventLog } from '../log/index.ts';
import type { LoginStore } from '../outbound/index.ts';
import type { WorkerIdentity } from '../store/queries/workers.ts';
import type { Signals } from '../store/signals.ts';
import type { DeliveryObserver } from './observer.ts';

export interface WorkerOptions {
  readonly pool: Pool;
  readonly signals: Signals;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Hears what the readers do; nobody when absent. */
  readonly observer?: DeliveryObserver;
  /** What this process says of itself; `name` begins the ids under which it owns shards. */
  readonly identity: Omit<WorkerIdentity, 'id'> & { readonly name: string };
  readonly logOf: (workspaceId: number) => EventLog;
  /** The workspaces that it reads, as they stand in the store now. */
  readonly loadWorkspaces: () => Promise<readonly Workspace[]>;
  /** Where the login of a connection is kept; needed for connections that a human logs in to. */
  readonly loginOf?: (connection: Connection) => LoginStore;
}
