/**
 * What the store knows, read when somebody asks: how far readers are, what waits, what it takes on disk. Every process
 * of a workspace tells the same of these, so dashboards take the maximum over them and never the sum.
 */
import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Clock } from '../../kernel/clock.ts';
import type { StoreFacts, WorkspaceFacts } from './read-store-facts.ts';

export interface StoreMetricsParts {
  readonly pool: Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'>;
  readonly clock: Clock;
  readonly readFacts: () => Promise<StoreFacts>;
}

// A second scraper, or an impatient one, gets what the first was told.
const FRESH_MS = 5_000;

// Prometheus waits ten seconds for an answer (scrape_timeout); what the process itself knows is worth having even
// when PostgreSQL hangs.
const READ_TIMEOUT_MS = 5_000;

export interface StoreMetrics {
  /** Brings the gauges up to date. */
  refresh(): Promise<void>;
}

export function makeStoreMetrics(registry: Registry, parts: StoreMetricsParts): StoreMetrics {
  const { clock } = parts;
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const up = gauge('linchpin_store_up', '1 when PostgreSQL answered within five seconds');
  const gauges = makeGauges(gauge);
  const pool = gauge('linchpin_pool_connections', 'Connections of this process to PostgreSQL', ['state']);
  const waiting = gauge('linchpin_pool_waiting', 'Statements of this process that wait for a connection');
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const given = new AbortController();
    const known = await Promise.race([
      parts.readFacts().catch(() => undefined),
      clock.sleep(READ_TIMEOUT_MS, given.signal).then(() => undefined),
    ]);
    given.abort();
    readAtMs = clock.now();
    up.set(known === undefined ? 0 : 1);
    for (const each of Object.values(gauges)) each.reset();
    if (known === undefined)
      gauges.workers.remove({}); // Unknown, which is not none.
    else tell(gauges, known);
  };
  return {
    refresh: async () => {
      pool.set({ state: 'idle' }, parts.pool.idleCount);
      pool.set({ state: 'busy' }, parts.pool.totalCount - parts.pool.idleCount);
      waiting.set(parts.pool.waitingCount);
      if (clock.now() - readAtMs < FRESH_MS) return;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    },
  };
}

type MakeGauge = (name: string, help: string, labelNames?: readonly string[]) => Gauge;

const READER = ['workspace', 'connection'];

function makeGauges(gauge: MakeGauge) {
  return {
    lagEvents: gauge(
      'linchpin_reader_lag_events',
      'Events after the cursor; an estimate beyond ten thousand',
      READER,
    ),
    lagSeconds: gauge(
      'linchpin_reader_lag_seconds',
      'Seconds since the first event after the cursor was received',
      READER,
    ),
    parked: gauge('linchpin_parked', 'Inputs that wait for another attempt, counted up to 100,000', READER),
    deadLetters: gauge('linchpin_dead_letters', 'Open dead letters, counted up to 100,000', READER),
    suspended: gauge('linchpin_connection_suspended', '1 while a connection waits for a human', READER),
    shards: gauge('linchpin_shards', 'Shards of readers, by whether a living worker has their lease', [
      ...READER,
      'state',
    ]),
    replays: gauge('linchpin_replay_progress_ratio', 'How far a running or paused replay is', [
      ...READER,
      'replay',
      'status',
    ]),
    workers: gauge('linchpin_workers', 'Living processes that read'),
    bytes: gauge('linchpin_table_bytes', 'Size on disk of the tables that grow with what happens', ['table']),
  };
}

function tell(gauges: ReturnType<typeof makeGauges>, { workspaces, workerCount, tables }: StoreFacts): void {
  for (const known of workspaces) tellWorkspace(gauges, known);
  gauges.workers.set(workerCount);
  for (const { table, bytes } of tables) gauges.bytes.set({ table }, bytes);
}

function tellWorkspace(
  gauges: ReturnType<typeof makeGauges>,
  { workspace, readers, suspended, replays }: WorkspaceFacts,
): void {
  for (const { connection, isRead, behind, behindSeconds, parked, deadLetters, ...shards } of readers) {
    const labels = { workspace, connection };
    gauges.parked.set(labels, parked);
    gauges.deadLetters.set(labels, deadLetters);
    gauges.suspended.set(labels, suspended.includes(connection) ? 1 : 0);
    // A shard that nobody is to read would look like one that nobody reads.
    if (!isRead) continue;
    gauges.lagEvents.set(labels, behind);
    gauges.lagSeconds.set(labels, behindSeconds);
    gauges.shards.set({ ...labels, state: 'owned' }, shards.ownedCount);
    gauges.shards.set({ ...labels, state: 'free' }, shards.shardCount - shards.ownedCount);
  }
  for (const { connection, id, status, progress } of replays)
    gauges.replays.set({ workspace, connection, replay: String(id), status }, progress);
}
