import { listProgress } from '../../src/store/queries/summary.ts';
import { openStore } from '../../src/store/store.ts';
import { makeRecordedLog } from './recorded-log.ts';
import { until } from './until.ts';

/** Ends when no reader of the only workspace in a running Linchpin's data folder is behind, and nothing is parked. */
export async function caughtUp(dataDir: string, timeoutMs: number): Promise<void> {
  const store = await openStore({ dataDir, access: 'attach', log: makeRecordedLog() });
  try {
    const isQuiet = async (): Promise<boolean> =>
      (await listProgress(store.pool, 1)).every(({ behind, parked }) => behind + parked === 0);
    // The resolver appends before it is done, so a second look sees what came of the first.
    await until(async () => (await isQuiet()) && (await isQuiet()), {
      timeoutMs,
      what: 'readers that have caught up',
    });
  } finally {
    await store.close();
  }
}
