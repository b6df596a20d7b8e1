/**
 * What an identify costs from acceptance to HubSpot, and how long it takes: Linchpin's own CPU time per event
 * under a backlog, and the delay from the answer of ingest to the write in HubSpot at 200 events/s under the
 * limits of a Professional account. Real processes: Linchpin with embedded PostgreSQL, and the emulator.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import { allContacts, contactCount } from '../support/emulator-client.ts';
import { until } from '../support/until.ts';
import { startLinchpinAndHubspot } from './linchpin-and-hubspot.ts';
import { identifyCall, percentile, report } from './measure.ts';

const CPU_EVENTS = 20_000;
const BATCH_EVENTS = 100;
const LATENCY_PER_SECOND = 200;
const LATENCY_SECONDS = 30;

const { linchpin, hubspot, accept, acceptBatch, stop } = await startLinchpinAndHubspot({
  plan: 'professional',
  flows: ['{ preset: hubspot/identify, from: site, to: hubspot }'],
});

try {
  const latencies = await measureLatency();
  const cpuUs = await measureCpu();
  report(
    'Identify: acceptance to HubSpot',
    {
      identify_cpu_us: Math.round(cpuUs * 10) / 10,
      accept_to_hubspot_p50_ms: Math.round(percentile(latencies, 0.5)),
      accept_to_hubspot_p99_ms: Math.round(percentile(latencies, 0.99)),
    },
    [
      `CPU: ${String(CPU_EVENTS)} identifies of new contacts, time of the Linchpin process alone (PostgreSQL and emulator are others).`,
      `Delay: ${String(LATENCY_PER_SECOND)} single calls per second for ${String(LATENCY_SECONDS)} s, limits of a Professional account enforced.`,
    ],
  );
} finally {
  await stop();
}

async function measureLatency(): Promise<readonly number[]> {
  const acceptedAtMs = new Map<string, number>();
  const started = performance.now();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < LATENCY_PER_SECOND * LATENCY_SECONDS; index += 1) {
    await systemClock.sleep(started + (index * 1000) / LATENCY_PER_SECOND - performance.now());
    calls.push(sendOne(index, acceptedAtMs));
  }
  await Promise.all(calls);
  await until(async () => (await contactCount(hubspot.url)) >= acceptedAtMs.size, { timeoutMs: 60_000 });
  const contacts = await allContacts(hubspot.url);
  return [...acceptedAtMs].map(
    ([email, accepted]) => Date.parse(contacts.get(email)?.updatedAt ?? '') - accepted,
  );
}

async function sendOne(index: number, acceptedAtMs: Map<string, number>): Promise<void> {
  await accept('/v1/identify', identifyCall(index, 'delay'));
  acceptedAtMs.set(`person.delay.${String(index)}@example.com`, Date.now());
}

async function measureCpu(): Promise<number> {
  const known = await contactCount(hubspot.url);
  const before = linchpin.cpuSeconds();
  for (let first = 0; first < CPU_EVENTS; first += BATCH_EVENTS) {
    await acceptBatch(Array.from({ length: BATCH_EVENTS }, (_, index) => identifyCall(first + index, 'cpu')));
  }
  await until(async () => (await contactCount(hubspot.url)) >= known + CPU_EVENTS, { timeoutMs: 300_000 });
  return ((linchpin.cpuSeconds() - before) * 1_000_000) / CPU_EVENTS;
}
