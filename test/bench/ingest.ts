/**
 * How many Segment events per second Linchpin takes in, acknowledged after the commit: one per call, and in
 * batches of 100. A real process with its embedded PostgreSQL; the sender shares the machine's cores.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { startProcess } from '../support/linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { identifyCall, inParallel, median, report } from './measure.ts';

const CONFIGURATION = `
workspace: bench
sources:
  site: { type: segment, write_key: wk_bench }
`;

const ROUNDS = 5;
const BATCH_EVENTS = 100;
const BATCH_CALLS = 1_000;
const SINGLE_CALLS = 20_000;
const HEADERS = {
  authorization: `Basic ${Buffer.from('wk_bench:').toString('base64')}`,
  'content-type': 'application/json',
};

const folder = makeTemporaryFolder();
writeFileSync(join(folder, 'linchpin.yaml'), CONFIGURATION);
const linchpin = await startProcess(['up', '--config', 'linchpin.yaml', '--data', 'data', '--port', '0'], {
  cwd: folder,
});
// Sixteen senders for batches and 64 for single calls keep the server busy and the queues short.
const batches = new Pool(linchpin.url, { connections: 16 });
const singles = new Pool(linchpin.url, { connections: 64 });

try {
  await sendBatches('warm', 100);
  await sendSingles('warm', 2_000);
  const batched: number[] = [];
  const single: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    batched.push(await sendBatches(`b${String(round)}`, BATCH_CALLS));
    single.push(await sendSingles(`s${String(round)}`, SINGLE_CALLS));
  }
  report(
    'Ingest: events per second, acknowledged durable',
    { ingest_batched_per_s: Math.round(median(batched)), ingest_single_per_s: Math.round(median(single)) },
    [
      `Medians of ${String(ROUNDS)} interleaved rounds; events of 1 kB; sender, server and PostgreSQL on one machine.`,
    ],
  );
} finally {
  await batches.destroy();
  await singles.destroy();
  await linchpin.stop();
  removeFolder(folder);
}

/** Returns events per second. */
async function sendBatches(run: string, calls: number): Promise<number> {
  const bodies = Array.from({ length: calls }, (_, call) =>
    JSON.stringify({
      sentAt: new Date().toISOString(),
      batch: Array.from({ length: BATCH_EVENTS }, (__, index) =>
        identifyCall(call * BATCH_EVENTS + index, run),
      ),
    }),
  );
  const started = performance.now();
  await inParallel(16, calls, (index) => post(batches, '/v1/batch', bodies[index] ?? ''));
  return (calls * BATCH_EVENTS * 1000) / (performance.now() - started);
}

async function sendSingles(run: string, calls: number): Promise<number> {
  const bodies = Array.from({ length: calls }, (_, index) => JSON.stringify(identifyCall(index, run)));
  const started = performance.now();
  await inParallel(64, calls, (index) => post(singles, '/v1/identify', bodies[index] ?? ''));
  return (calls * 1000) / (performance.now() - started);
}

async function post(pool: Pool, path: string, body: string): Promise<void> {
  const response = await pool.request({ method: 'POST', path, headers: HEADERS, body });
  const text = await response.body.text();
  if (response.statusCode !== 200)
    throw new Error(`${path} answered ${String(response.statusCode)}: ${text}`);
}
