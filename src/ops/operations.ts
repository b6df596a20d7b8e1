/**
 * What a running process is watched by, put together: its observers, its bounds, its answers to `/metrics` and
 * `/readyz`. One for each process; the parts that are watched know nothing of it.
 */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Worker } from '../delivery/index.ts';
import type { IngestParts } from '../ingest/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { watchFreeDisk } from './free-disk.ts';
import type { LimitUse } from './metrics/index.ts';
import { startObservation } from './observation.ts';
import type { Observation } from './observation.ts';
import { assessReadiness } from './readiness.ts';
import type { Readiness } from './readiness.ts';

export interface OperationsParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** The one workspace that this process serves; all when absent. */
  readonly workspace: string | undefined;
  /** Where the embedded PostgreSQL keeps its data; undefined when somebody else runs it. */
  readonly dataDir: string | undefined;
  /** Bounds what ingest holds; absent in a process that takes nothing in. */
  readonly intake: IngestParts['intake'];
}

export interface Operations extends Pick<Observation, 'delivery' | 'onAppend' | 'metrics'> {
  /** What ingest is to be given, beside what it needs itself. */
  readonly ingest: Pick<IngestParts, 'intake' | 'observer' | 'refusal'>;
  /** From now on this worker is told of. */
  watchWorker(worker: WatchedWorker): void;
  readiness(): Promise<Readiness>;
  close(): Promise<void>;
}

type WatchedWorker = Pick<Worker, 'report' | 'isRegistered' | 'limitUse'>;

export async function startOperations(parts: OperationsParts): Promise<Operations> {
  const { pool, clock, logger, version, workspace, dataDir, intake } = parts;
  const disk = dataDir === undefined ? undefined : await watchFreeDisk({ folder: dataDir, clock, logger });
  let worker: WatchedWorker | undefined;
  const ownFacts = () => ({
    intake: intake ?? { requestCount: 0, byteCount: 0 },
    leasesHeld: worker?.report().filter(({ readPosition }) => readPosition !== undefined).length ?? 0,
    limits: limitUseOf(worker),
    freeBytes: disk?.freeBytes,
  });
  const observation = startObservation({ pool, clock, logger, version, workspace, ownFacts });
  const refusal = () => disk?.refusal();
  return {
    delivery: observation.delivery,
    onAppend: observation.onAppend,
    metrics: observation.metrics,
    ingest: { ...(intake === undefined ? {} : { intake }), observer: observation.ingest, refusal },
    watchWorker: (started) => {
      worker = started;
    },
    readiness: () =>
      assessReadiness({
        pool,
        clock,
        ...(worker === undefined ? {} : { worker }),
        ...(intake === undefined ? {} : { ingest: { refusal } }),
      }),
    close: async () => {
      observation.close();
      await disk?.close();
    },
  };
}

function limitUseOf(worker: WatchedWorker | undefined): readonly LimitUse[] {
  return (worker?.limitUse() ?? []).flatMap(({ workspace, connection, limits }) =>
    limits.map(({ name, used, allowed }) => ({ workspace, connection, limit: name, used, allowed })),
  );
}
