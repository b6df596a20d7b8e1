/**
 * Keeps the day partitions of the store: makes those of the coming days, drops those that retention has
 * passed, and forgets what was kept beside them for longer. Runs at the start and every hour; missing a run
 * costs nothing, since a week is made ahead.
 */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { dropExpiredPartitions, forgetSentOnce } from '../store/retention.ts';
import type { Retention } from '../store/retention.ts';

export interface MaintenanceOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retention: Retention;
}

const EVERY_MS = 3_600_000;

/** Starts the rounds; the returned function ends them, and resolves when none is under way any more. */
export function startMaintenance({
  pool,
  clock,
  logger,
  retention,
}: MaintenanceOptions): () => Promise<void> {
  const stop = new AbortController();
  const rounds = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await ensurePartitions(pool, clock.now());
        const { dropped, kept } = await dropExpiredPartitions(pool, retention, clock.now());
        if (dropped.length > 0) logger.info({ dropped }, 'maintenance.partitions_dropped');
        if (kept.length > 0) logger.info({ kept }, 'maintenance.partitions_kept');
        const forgotten = await forgetSentOnce(pool, retention, clock.now());
        if (forgotten > 0) logger.info({ forgotten }, 'maintenance.sent_once_forgotten');
      } catch (error) {
        logger.error({ err: error }, 'maintenance.failed');
      }
      await clock.sleep(EVERY_MS, stop.signal);
    }
  };
  const ended = rounds();
  return () => {
    stop.abort();
    return ended;
  };
}
