import { listProgress } from '../../src/store/queries/summary.ts';
import { openStore } from '../../src/store/store.ts';
import { makeRecordedLog } from './recorded-log.ts';
import { until } from './until.ts';

/** Ends when the readers of the first workspace in a running Linchpin's data folder have nothing left to do. */
export async function caughtUp(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir, access: 'attach', log: makeRecordedLog() });
  try {
    await until(
      async () => (await listProgress(store.pool, 1)).every(({ behind, parked }) => behind + parked === 0),
      { timeoutMs: 600_000, what: 'readers that have caught up' },
    );
  } finally {
    await store.close();
  }
}
