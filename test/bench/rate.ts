/**
 * How much of a HubSpot account's rate is used under a backlog, in real time: the emulator with the limits of a
 * professional account, the HubSpot connector, and one, two or four worker processes that share the limit; also with
 * another client of the account that takes a third of it.
 */
import { request } from 'undici';
import { systemClock } from '../../src/kernel/clock.ts';
import { requestCount } from '../support/emulator-client.ts';
import { startProcess } from '../support/linchpin-process.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { startLinchpinProcess } from './bench-process.ts';
import { appendBacklog, openEngineBench } from './engine-bench.ts';
import type { EngineBench } from './engine-bench.ts';
import { isQuick, progress, report, rounded } from './measure.ts';

// HubSpot's usage guidelines for a professional account, read 2026-11.
const CALLS_PER_WINDOW = 190;
const WINDOW_SECONDS = 10;

// The first window fills up from nothing; what is said of the rate is said of those after it.
const WINDOWS = isQuick() ? 1 : 2;

// At a hundred contacts per call and two calls for most of them, more than the windows can take.
const BACKLOG_EVENTS = isQuick() ? 40_000 : 60_000;

const TOKEN = 'pat-na1-emulator';

const VARIANTS = [
  { name: 'workers_1', workers: 1, foreignShare: 0 },
  { name: 'workers_2', workers: 2, foreignShare: 0 },
  { name: 'workers_4', workers: 4, foreignShare: 0 },
  { name: 'foreign_1', workers: 1, foreignShare: 1 / 3 },
  { name: 'foreign_4', workers: 4, foreignShare: 1 / 3 },
] as const;

interface Use {
  readonly usedShare: number;
  readonly answers429: number;
  /** Of those, to the other client. */
  readonly foreign429: number;
}

const bench = await openEngineBench();
try {
  const uses: (readonly [name: string, use: Use])[] = [];
  for (const { name, workers, foreignShare } of VARIANTS) {
    const use = await run(bench, workers, foreignShare);
    progress(`${name}: ${use.usedShare.toFixed(3)} used, ${String(use.answers429)} answers 429`);
    uses.push([name, use]);
  }
  report(
    'Rate: the share of a HubSpot account’s calls that is used under a backlog',
    {
      rate_used_share: rounded(Math.min(...uses.map(([, { usedShare }]) => usedShare)), 3),
      answers_429: uses.reduce((sum, [, { answers429 }]) => sum + answers429, 0),
      foreign_answers_429: uses.reduce((sum, [, { foreign429 }]) => sum + foreign429, 0),
      ...Object.fromEntries(
        uses.map(([name, { usedShare }]) => [`${name}_used_share`, rounded(usedShare, 3)]),
      ),
    },
    [
      `${String(CALLS_PER_WINDOW)} calls in ${String(WINDOW_SECONDS)} s, over ${String(WINDOWS)} full windows each; workers are processes with a shard each. The share counts what both clients used; the first figure is the smallest of all.`,
    ],
  );
} finally {
  await bench.close();
}

async function run(engine: EngineBench, workers: number, foreignShare: number): Promise<Use> {
  const folder = makeTemporaryFolder();
  const hubspot = await startProcess(['emulate', 'hubspot', '--port', '0'], { cwd: folder });
  const workspace = await engine.makeWorkspace([
    {
      url: hubspot.url,
      connector: 'hubspot',
      preset: 'hubspot/identify',
      settings: { plan: 'professional' },
      token: TOKEN,
      shards: workers,
    },
  ]);
  await appendBacklog(workspace.log, BACKLOG_EVENTS);
  const processes = await Promise.all(
    Array.from({ length: workers }, () => startLinchpinProcess({ ...workspace.arguments, role: 'worker' })),
  );
  const stop = new AbortController();
  const foreign = callSteadily(hubspot, (CALLS_PER_WINDOW * foreignShare) / WINDOW_SECONDS, stop.signal);
  try {
    await until(async () => (await countCalls(hubspot)) >= CALLS_PER_WINDOW * 0.9, { timeoutMs: 60_000 });
    await systemClock.sleep((WINDOW_SECONDS * 1000) / 2);
    const before = await countCalls(hubspot);
    const started = performance.now();
    await systemClock.sleep(WINDOWS * WINDOW_SECONDS * 1000);
    const calls = (await countCalls(hubspot)) - before;
    const windows = (performance.now() - started) / (WINDOW_SECONDS * 1000);
    return {
      usedShare: calls / windows / CALLS_PER_WINDOW,
      answers429: await requestCount(hubspot.url, { status: '429' }),
      foreign429: await requestCount(hubspot.url, { status: '429', path: '/account-info/*' }),
    };
  } finally {
    stop.abort();
    await foreign;
    for (const each of processes) await each.stop();
    await hubspot.stop();
    removeFolder(folder);
  }
}

/** Calls that count against the limit: every one but searches, which have a limit of their own, and those refused. */
async function countCalls({ url }: LinchpinProcess): Promise<number> {
  const [all, searches, refused] = await Promise.all([
    requestCount(url),
    requestCount(url, { path: '*/search' }),
    requestCount(url, { status: '429' }),
  ]);
  return all - searches - refused;
}

/** Another client of the account, which looks at it at an even pace. */
async function callSteadily(hubspot: LinchpinProcess, perSecond: number, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  for (let call = 1; perSecond > 0 && !signal.aborted; call += 1) {
    const answer = await request(`${hubspot.url}/account-info/2026-09/details`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    await answer.body.dump();
    await systemClock.sleep(started + (call * 1000) / perSecond - performance.now(), signal);
  }
}
