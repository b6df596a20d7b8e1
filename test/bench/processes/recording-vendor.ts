/**
 * Vendors in one process, told apart by the first part of the path: `slow` answers after 30 seconds, `trickle` one
 * call per second, every other one at once; of those it remembers when which input came.
 */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../src/kernel/clock.ts';

const SLOW_MS = 30_000;
const TRICKLE_MS = 1_000;

/** Milliseconds since the epoch at which an input arrived, under its vendor and address. */
const arrivals: [vendor: string, email: string, atMs: number][] = [];
let trickleFreeAtMs = 0;

const server = createServer((incoming, outgoing) => {
  const arrivedAtMs = Date.now();
  const vendor = incoming.url?.split('/')[1] ?? '';
  if (vendor === 'arrivals') {
    outgoing.end(JSON.stringify(arrivals.splice(0)));
    return;
  }
  void readText(incoming).then((text) => {
    const waitMs = waitOf(vendor, arrivedAtMs);
    if (waitMs === 0) {
      arrivals.push([vendor, (JSON.parse(text) as { readonly email: string }).email, arrivedAtMs]);
    }
    void systemClock.sleep(waitMs).then(() => {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
});

function waitOf(vendor: string, nowMs: number): number {
  if (vendor === 'slow') return SLOW_MS;
  if (vendor !== 'trickle') return 0;
  trickleFreeAtMs = Math.max(trickleFreeAtMs, nowMs) + TRICKLE_MS;
  return trickleFreeAtMs - nowMs;
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
});
