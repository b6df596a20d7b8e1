/** Linchpin's worker and the vendors' emulators in one process and in virtual time, on a store that holds a backlog. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { pino } from 'pino';
import { connectionTo, VENDORS } from '../../demo/vendors.ts';
import { EmulatorClock } from '../../emulators/core/index.ts';
import { EMULATORS } from '../../emulators/registry.ts';
import type { StartedEmulator } from '../../emulators/registry.ts';
import { connectors } from '../../src/connectors/registry.ts';
import { Worker } from '../../src/delivery/index.ts';
import { loadWorkspace } from '../../src/flows/load.ts';
import { makeRegistry } from '../../src/flows/registry.ts';
import type { WorkspaceDefinition } from '../../src/flows/workspace.ts';
import { systemRandom } from '../../src/kernel/clock.ts';
import { Redacted } from '../../src/kernel/redacted.ts';
import { PostgresLog } from '../../src/log/index.ts';
import { startLinchpin } from '../../src/main.ts';
import { listProgress } from '../../src/store/queries/summary.ts';
import { openSealer } from '../../src/store/seal.ts';
import { Signals } from '../../src/store/signals.ts';
import type { Store } from '../../src/store/store.ts';
import { AN_IDENTITY } from '../support/an-identity.ts';
import { postJson } from '../support/emulator-client.ts';
import { inVirtualTime } from '../support/virtual-pool.ts';
import type { VirtualTime } from '../support/virtual-time.ts';

const WORKSPACE = 'drain';
const SOURCE = 'platform';
const TOKEN = 'whs_bench';

/** On errors and warnings only: a drain has no news to tell. */
const LOGGER = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));

export interface Vendors {
  readonly urls: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Every vendor's emulator with its own limits; each call takes `latencyMs`. */
export async function startSlowVendors(time: VirtualTime, latencyMs: number): Promise<Vendors> {
  const started: StartedEmulator[] = [];
  for (const vendor of EMULATORS.filter(({ id }) => id in VENDORS)) {
    const emulator = await vendor.start({ clock: new VendorClock(time) });
    started.push(emulator);
    // Mailchimp counts the calls that are under way, so there the way is a matter of the emulator's own.
    if (vendor.id === 'mailchimp') await postJson(`${emulator.url}/_emulator/limits`, { latencyMs });
    else await postJson(`${emulator.url}/_emulator/faults`, { delayMs: latencyMs });
  }
  return {
    urls: new Map(started.map(({ id, url }) => [id, url])),
    close: async () => {
      for (const emulator of started) await emulator.close();
    },
  };
}

/** Virtual time goes on while a vendor takes its time to answer. */
class VendorClock extends EmulatorClock {
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    super(time.clock);
    this.#time = time;
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#time.aside(() => this.#time.clock.sleep(ms, signal));
  }
}

export function define(urls: ReadonlyMap<string, string>): WorkspaceDefinition {
  const vendors = Object.entries(VENDORS);
  return {
    name: WORKSPACE,
    sources: [
      { name: SOURCE, type: 'subscribers', settings: {}, secrets: { token: TOKEN }, credential: TOKEN },
    ],
    connections: vendors.map(([id]) => connectionTo(id, urls.get(id) ?? '')),
    flows: vendors.map(([id, { preset }]) => ({ name: id, preset, from: SOURCE, to: id, options: {} })),
  };
}

/** Takes events in as a platform sends them, so many in a request. */
export async function accept(
  store: Store,
  dataDir: string,
  definition: WorkspaceDefinition,
  requests: Iterable<readonly object[]>,
): Promise<void> {
  const linchpin = await startLinchpin({
    definition,
    dataDir,
    databaseUrl: new Redacted(store.connectionString.reveal()),
    masterKey: undefined,
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    retention: { events: 30, attempts: 30, rejected: 30 },
    logger: LOGGER,
    role: 'ingest',
  });
  for (const events of requests) {
    await postJson(`${linchpin.url}/v1/subscriber-events`, events, { authorization: `Bearer ${TOKEN}` });
  }
  await linchpin.close();
}

/** What a vendor was asked, and when it gave its last answer, in milliseconds since the worker began. */
export interface Drained {
  readonly calls: number;
  readonly lastMs: number;
}

// Looked at so often in virtual time whether anything is left.
const LOOK_EVERY_MS = 10_000;

/** One worker reads until nobody has anything left to be told. */
export async function drain(
  store: Store,
  dataDir: string,
  urls: ReadonlyMap<string, string>,
  time: VirtualTime,
  onLook: (behind: ReadonlyMap<string, number>, nowMs: number) => void,
): Promise<ReadonlyMap<string, Drained>> {
  const { clock } = time;
  const startMs = clock.now();
  const answers = new Map([...urls].map(([id, url]) => [url, { id, calls: 0, lastMs: 0 }]));
  const onAnswer = (message: unknown): void => {
    const answer = answers.get(String((message as { request: { origin: unknown } }).request.origin));
    if (answer === undefined) return;
    answer.calls += 1;
    answer.lastMs = clock.now() - startMs;
  };
  const pool = inVirtualTime(store.pool, time);
  const { worker, workspaceId, close } = await startWorker(store, dataDir, pool, time);
  subscribe('undici:request:trailers', onAnswer);
  try {
    for (;;) {
      await time.pass(LOOK_EVERY_MS);
      const left = (await listProgress(store.pool, workspaceId)).map(
        ({ connection, behind, parked }) => [connection, behind + parked] as const,
      );
      onLook(new Map(left), clock.now() - startMs);
      if (left.every(([, count]) => count === 0)) break;
    }
  } finally {
    unsubscribe('undici:request:trailers', onAnswer);
    const stopped = worker.stop();
    await time.pass(60_000);
    await stopped;
    close();
  }
  return new Map([...answers.values()].map(({ id, calls, lastMs }) => [id, { calls, lastMs }]));
}

async function startWorker(store: Store, dataDir: string, pool: Store['pool'], { clock }: VirtualTime) {
  const registry = makeRegistry(connectors);
  const sealer = openSealer({ dataDir, masterKey: undefined });
  const load = () => loadWorkspace(pool, sealer, registry, WORKSPACE);
  const { id: workspaceId } = await load();
  // Not in virtual time: what listens listens all the time.
  const signals = new Signals({ pool: store.pool, clock, onError: (error) => LOGGER.warn({ err: error }) });
  await signals.listen();
  const onAppended = (): void => signals.publish('log', workspaceId);
  const log = new PostgresLog({ pool, clock, workspaceId, onAppended });
  const worker = new Worker({
    pool,
    signals,
    clock,
    random: systemRandom,
    logger: LOGGER,
    identity: { ...AN_IDENTITY, name: 'drain', workspaceId },
    logOf: () => log,
    loadWorkspaces: async () => [await load()],
  });
  await worker.start();
  return { worker, workspaceId, close: () => signals.close() };
}
