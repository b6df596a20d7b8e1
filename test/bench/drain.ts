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
import type { Figures } from './measure.ts';
import { EVENTS_PER_PERSON, subscriberEvent } from './subscriber-load.ts';

const PEOPLE = isQuick() ? 1_000 : 20_000;
const LATENCY_MS = 100;
// People whose events lie mixed in the log, as those of a busy hour.
const TOGETHER = 500;
const EVENTS_PER_REQUEST = 100;

/** The least that a vendor must be asked about people whom it does not know, and how long so many calls take there. */
interface Bound {
  readonly calls: number;
  readonly seconds: (calls: number) => number;
}

/** At once as many as a window takes, and then as many in each that follows. */
const inWindows = (callsPerWindow: number, windowSeconds: number) => (calls: number) =>
  Math.floor((calls - 1) / callsPerWindow) * windowSeconds;
const atOnce = (connections: number) => (calls: number) => (calls * LATENCY_MS) / 1000 / connections;

/** What the vendors allow (each connector's `limits`), and where they say nothing, what the connector's settings do. */
const BOUNDS: Readonly<Record<string, Bound>> = {
  // One purchase is one call. Google publishes no limit: as many calls at once as the connector makes.
  'google-analytics': { calls: PEOPLE, seconds: atOnce(8) },
  // A hundred contacts are read and written with a call each.
  hubspot: { calls: (2 * PEOPLE) / 100, seconds: inWindows(190, 10) },
  kilkaya: { calls: PEOPLE, seconds: inWindows(20, 1) },
  // Only a call of its own makes a contact without changing the status of one that is there; another gives it its tags.
  mailchimp: { calls: 2 * PEOPLE, seconds: atOnce(10) },
  // Read, write, and read again whether somebody else's tags survived.
  mailmojo: { calls: 3 * PEOPLE, seconds: inWindows(10, 1) },
  // A subscriber is a call; products and subscriptions come by the thousand.
  'make-as': { calls: PEOPLE + Math.ceil((2 * PEOPLE) / 1000), seconds: inWindows(20, 1) },
  meta: { calls: Math.ceil(PEOPLE / 1000), seconds: inWindows(10, 1) },
  // Looked for, made, its fields written, its tags added.
  rule: { calls: 4 * PEOPLE, seconds: inWindows(2_000, 600) },
  // Six of the eight kinds of events are forwarded, and these are two of them.
  webhook: { calls: EVENTS_PER_PERSON * PEOPLE, seconds: inWindows(50, 1) },
  'x-ads': { calls: Math.ceil(PEOPLE / 500), seconds: inWindows(120, 900) },
};

const REPORT_EVERY_MS = 60_000;
const SECONDS_OF_A_RATIO = 15;

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const folder = makeTemporaryFolder();
const dataDir = join(folder, 'data');
const store = await openStore({ dataDir, access: 'own', log: SILENT });
const time = makeVirtualTime(Date.now());
const vendors = await startSlowVendors(time, LATENCY_MS);
try {
  await accept(store, dataDir, define(vendors.urls), requests());
  progress(`${String(PEOPLE * EVENTS_PER_PERSON)} events accepted`);
  let nextReportMs = 0;
  const drained = await drain(store, dataDir, vendors.urls, time, (behind, ms) => {
    if (ms < nextReportMs) return;
    nextReportMs = ms + REPORT_EVERY_MS;
    const left = [...behind].filter(([, count]) => count > 0).map(([id, count]) => `${id} ${String(count)}`);
    progress(`after ${String(Math.round(ms / 60_000))} minutes: ${left.join(', ')}`);
  });
  const { rows } = await store.pool.query<{ count: number }>(
    'select count(*)::integer as count from dead_letters',
  );
  let figures: Figures = { dead_letters: rows[0]?.count ?? Number.NaN };
  for (const [id, { calls, lastMs }] of drained) {
    figures = { ...figures, ...figuresOf(id, calls, lastMs / 1000) };
    const refused = await requestCount(vendors.urls.get(id) ?? '', { status: '429' });
    if (refused > 0) figures = { ...figures, [`${id}_answers_429`]: refused };
  }
  report('Drain: a backlog at ten vendors, each at its own limit', figures, [
    `${String(PEOPLE * EVENTS_PER_PERSON)} events of ${String(PEOPLE)} people whom no vendor knows, mixed in the log; answers take ${String(LATENCY_MS)} ms. Seconds are virtual: nobody waits for the machine.`,
    `The ratio is to the least number of calls at the vendor's limit. Below ${String(SECONDS_OF_A_RATIO)} s there is none: batches wait a second for company, and fields are made first.`,
  ]);
} finally {
  time.stop();
  await vendors.close();
  await store.close();
  removeFolder(folder);
}

function figuresOf(id: string, calls: number, seconds: number): Figures {
  const bound = BOUNDS[id];
  if (bound === undefined) throw new Error(`${id} has no bound.`);
  const least = bound.seconds(bound.calls);
  const ratio = least < SECONDS_OF_A_RATIO ? {} : { [`${id}_ratio`]: rounded(seconds / least, 3) };
  return {
    [`${id}_calls`]: calls,
    [`${id}_calls_least`]: bound.calls,
    [`${id}_s`]: rounded(seconds, 1),
    [`${id}_s_least`]: rounded(least, 1),
    ...ratio,
  };
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
