/**
 * How long a backlog takes until ten vendors have all of it, each at its own limit, beside the time that the limit alone
 * takes. Worker, store and emulators are real and time is virtual: it stands still while anybody works and leaps while all
 * wait, so that hours of waiting take minutes and what is measured is how well the limits are used, not the machine.
 */
import { join } from 'node:path';
import { openStore } from '../../src/store/store.ts';
import { requestCount } from '../support/emulator-client.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { makeVirtualTime } from '../support/virtual-time.ts';
import { accept, define, drain, startSlowVendors } from './drain-run.ts';
import { isQuick, progress, report, rounded } from './measure.ts';
import { EVENTS_PER_PERSON, subscriberEvent } from './subscriber-load.ts';

const PEOPLE = isQuick() ? 1_000 : 20_000;
const LATENCY_MS = 100;
// People whose events lie mixed in the log, as those of a busy hour.
const TOGETHER = 500;
const EVENTS_PER_REQUEST = 100;

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const folder = makeTemporaryFolder();
const dataDir = join(folder, 'data');
const store = await openStore({ dataDir, access: 'own', log: SILENT });
const time = makeVirtualTime(Date.now());
const vendors = await startSlowVendors(time, LATENCY_MS);
try {
  await accept(store, dataDir, define(vendors.urls), requests());
  progress('accepted');
  const drained = await drain(store, dataDir, vendors.urls, time, (behind, ms) => {
    progress(
      `${String(Math.round(ms / 1000))} s: ${[...behind].map(([k, v]) => `${k} ${String(v)}`).join(', ')}`,
    );
  });
  for (const [id, { calls, lastMs }] of drained) {
    const url = vendors.urls.get(id) ?? '';
    process.stdout.write(
      `${id} ${String(calls)} calls, ${String(lastMs / 1000)} s, 429: ${String(await requestCount(url, { status: '429' }))}\n`,
    );
  }
} finally {
  time.stop();
  await vendors.close();
  await store.close();
  removeFolder(folder);
}

function* requests(): Generator<object[]> {
  let batch: object[] = [];
  for (let first = 0; first < PEOPLE; first += TOGETHER) {
    for (let round = 0; round < EVENTS_PER_PERSON; round += 1) {
      for (let person = first; person < Math.min(first + TOGETHER, PEOPLE); person += 1) {
        batch.push(subscriberEvent(`person-${String(person)}`, round));
        if (batch.length < EVENTS_PER_REQUEST) continue;
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}
