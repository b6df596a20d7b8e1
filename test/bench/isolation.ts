/**
 * Whether sick vendors delay healthy ones: one process delivers to nine vendors that answer at once, and in every
 * second run also to one that is dead, one that answers after 30 seconds and one that takes a call per second. What
 * counts is the time from the answer of ingest to the arrival at the nine.
 */
import { request } from 'undici';
import { systemClock } from '../../src/kernel/clock.ts';
import { until } from '../support/until.ts';
import { startLinchpinProcess, startRecordingVendor, startVendor } from './bench-process.ts';
import { openEngineBench } from './engine-bench.ts';
import type { BenchWorkspace, ConnectionPlan, EngineBench } from './engine-bench.ts';
import { identifyCall, isQuick, median, percentile, progress, report, rounded } from './measure.ts';

const ROUNDS = isQuick() ? 1 : 5;
const HEALTHY = 9;
// Calls of one event each: a ninth of what one core delivers one by one (bench settle), so that nothing queues.
const EVENTS_PER_SECOND = 40;
// By then the dead vendor's breaker is open and the places of the slow one are taken.
const WARM_SECONDS = 3;
const SECONDS = isQuick() ? 6 : 15;

const bench = await openEngineBench();
try {
  const alone: number[] = [];
  const beside: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    // The second of two runs finds warmer caches: take turns.
    for (const isBeside of round % 2 === 1 ? [false, true] : [true, false]) {
      const p99 = percentile(await run(bench, isBeside), 0.99);
      (isBeside ? beside : alone).push(p99);
      progress(
        `round ${String(round)}: p99 ${p99.toFixed(0)} ms ${isBeside ? 'beside three sick ones' : 'alone'}`,
      );
    }
  }
  report(
    'Isolation: acceptance to nine healthy vendors, beside a dead, a slow and a trickling one',
    {
      isolation_p99_ratio: rounded(median(beside.map((p99, round) => p99 / (alone[round] ?? Number.NaN))), 2),
      p99_alone_ms: Math.round(median(alone)),
      p99_beside_ms: Math.round(median(beside)),
      rounds: ROUNDS,
    },
    [
      `${String(EVENTS_PER_SECOND)} events per second to every vendor, one by one, for ${String(SECONDS)} s; medians over interleaved rounds, the ratio of each round with itself.`,
    ],
  );
} finally {
  await bench.close();
}

/** Milliseconds from acceptance to arrival, one for each event and healthy vendor. */
async function run(engine: EngineBench, isBeside: boolean): Promise<readonly number[]> {
  const vendor = await startRecordingVendor();
  const gone = await startVendor();
  await gone.stop();
  const sick = [gone.url, `${vendor.url}/slow`, `${vendor.url}/trickle`];
  const healthy = Array.from({ length: HEALTHY }, (_, index) => `${vendor.url}/${String(index + 1)}`);
  const workspace = await engine.makeWorkspace(
    [...healthy, ...(isBeside ? sick : [])].map((url): ConnectionPlan => ({ url, preset: 'bench/tell' })),
  );
  const linchpin = await startLinchpinProcess({ ...workspace.arguments, role: 'all' });
  try {
    await send(linchpin.url, workspace, 'warm', WARM_SECONDS);
    await takeArrivals(vendor.url, EVENTS_PER_SECOND * WARM_SECONDS * HEALTHY);
    const acceptedAtMs = await send(linchpin.url, workspace, 'measured', SECONDS);
    const arrivals = await takeArrivals(vendor.url, EVENTS_PER_SECOND * SECONDS * HEALTHY);
    // The answer of ingest may reach the sender after the vendor was called.
    return arrivals.map(([, email, atMs]) => Math.max(0, atMs - (acceptedAtMs.get(email) ?? Number.NaN)));
  } finally {
    await linchpin.stop();
    await vendor.stop();
  }
}

/** Sends single calls at a steady rate; resolves with the time at which each person's was accepted. */
async function send(
  url: string,
  { writeKey }: BenchWorkspace,
  name: string,
  seconds: number,
): Promise<ReadonlyMap<string, number>> {
  const acceptedAtMs = new Map<string, number>();
  const headers = {
    authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const sendOne = async (index: number): Promise<void> => {
    const body = JSON.stringify(identifyCall(index, name));
    const answer = await request(`${url}/v1/identify`, { method: 'POST', headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`Ingest answered ${String(answer.statusCode)}.`);
    acceptedAtMs.set(`person.${name}.${String(index)}@example.com`, Date.now());
  };
  const started = performance.now();
  const sending: Promise<void>[] = [];
  for (let index = 0; index < EVENTS_PER_SECOND * seconds; index += 1) {
    await systemClock.sleep(started + (index * 1000) / EVENTS_PER_SECOND - performance.now());
    sending.push(sendOne(index));
  }
  await Promise.all(sending);
  return acceptedAtMs;
}

type Arrival = readonly [vendor: string, email: string, atMs: number];

/** Waits for that many arrivals and takes them. */
async function takeArrivals(url: string, count: number): Promise<readonly Arrival[]> {
  const taken: Arrival[] = [];
  await until(
    async () => {
      const answer = await request(`${url}/arrivals`);
      taken.push(...((await answer.body.json()) as readonly Arrival[]));
      return taken.length >= count;
    },
    { timeoutMs: 60_000, what: `${String(count)} arrivals` },
  );
  return taken;
}
