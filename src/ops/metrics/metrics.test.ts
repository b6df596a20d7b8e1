import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { makeManualClock } from '../../../test/support/manual-clock.ts';
import type { RunSettled } from '../../delivery/index.ts';
import { makeMetrics } from './index.ts';
import type { Metrics, ProcessFacts } from './index.ts';
import type { StoreFacts } from './read-store-facts.ts';

const IDLE: ProcessFacts = {
  intake: { requestCount: 0, byteCount: 0 },
  leasesHeld: 0,
  limits: [],
  freeBytes: undefined,
};
const NOTHING: StoreFacts = { workspaces: [], workerCount: 0, tables: [] };

const open: Metrics[] = [];
afterEach(() => {
  for (const metrics of open.splice(0)) metrics.close();
});

function make({
  readFacts = () => Promise.resolve(NOTHING),
  ownFacts = IDLE,
}: { readFacts?: () => Promise<StoreFacts>; ownFacts?: ProcessFacts } = {}) {
  const clock = makeManualClock();
  const pool = { totalCount: 5, idleCount: 3, waitingCount: 2 };
  const metrics = makeMetrics({ pool, clock, version: '1.2.3', readFacts, ownFacts: () => ownFacts });
  open.push(metrics);
  return { metrics, clock };
}

/** The value of a series, written as Prometheus does; undefined when there is none. */
async function valueOf({ metrics }: { metrics: Metrics }, series: string): Promise<number | undefined> {
  const line = (await metrics.render()).split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

function aRun(run: Partial<RunSettled> & Pick<RunSettled, 'outcomes'>): RunSettled {
  const part = { eventId: 'e', eventType: 'track', position: 1 };
  return {
    workspace: 'acme',
    connection: 'hubspot',
    flow: 'f',
    action: 'a',
    priority: 'live',
    works: run.outcomes.map(() => ({ parts: [part] })) as unknown as RunSettled['works'],
    exchanges: [],
    durationMs: 20,
    endedAtMs: 0,
    ...run,
  };
}

test('outcomes count events, and only what was tried counts as an attempt', async () => {
  const made = make();
  made.metrics.delivery.runSettled(
    aRun({
      outcomes: [
        { kind: 'delivered' },
        { kind: 'deferred', waitMs: 1, reason: 'limit' },
        { kind: 'retry', fault: { code: 'c', message: 'm' } },
      ],
    }),
  );
  made.metrics.delivery.unsent({
    workspace: 'acme',
    connection: 'hubspot',
    flow: 'f',
    outcome: 'skipped',
    count: 4,
  });
  const outcome = (kind: string): string =>
    `linchpin_delivery_outcomes_total{workspace="acme",connection="hubspot",flow="f",outcome="${kind}"}`;
  expect(await valueOf(made, outcome('delivered'))).toBe(1);
  expect(await valueOf(made, outcome('deferred'))).toBe(1);
  expect(await valueOf(made, outcome('skipped'))).toBe(4);
  expect(
    await valueOf(
      made,
      'linchpin_delivery_attempts_total{workspace="acme",connection="hubspot",priority="live"}',
    ),
  ).toBe(2);
});

test('a merged input counts once for each of its events', async () => {
  const made = make();
  const works = [{ parts: [{}, {}, {}] }] as unknown as RunSettled['works'];
  made.metrics.delivery.runSettled(aRun({ outcomes: [{ kind: 'delivered' }], works }));
  const series =
    'linchpin_delivery_outcomes_total{workspace="acme",connection="hubspot",flow="f",outcome="delivered"}';
  expect(await valueOf(made, series)).toBe(3);
});

test('calls are told apart by class of status, 429 and silence by themselves', async () => {
  const made = make();
  const call = { method: 'POST', url: 'u', requestBody: '', startedAt: '', durationMs: 80 };
  const statuses = [200, 201, 404, 429, 503, undefined];
  const exchanges = statuses.map((status) => ({ ...call, ...(status === undefined ? {} : { status }) }));
  made.metrics.delivery.runSettled(aRun({ outcomes: [], exchanges }));
  const count = (status: string): Promise<number | undefined> =>
    valueOf(
      made,
      `linchpin_delivery_call_seconds_count{workspace="acme",connection="hubspot",status="${status}"}`,
    );
  expect(await Promise.all(['2xx', '4xx', '429', '5xx', 'none'].map(count))).toEqual([2, 1, 1, 1, 1]);
});

test('what came in is counted by source, and refusals by their code', async () => {
  const made = make();
  const { ingest } = made.metrics;
  ingest.accepted({ source: 'site', eventCount: 7, duplicateCount: 2 });
  ingest.rejected({ source: 'site', code: 'ingest.field_missing' });
  ingest.answered({
    route: '/v1/batch',
    status: 429,
    code: 'ingest.overloaded',
    bytes: 100,
    endedAtMs: 0,
    durationMs: 3,
    trace: {},
  });
  expect(await valueOf(made, 'linchpin_ingest_events_total{source="site"}')).toBe(7);
  expect(await valueOf(made, 'linchpin_ingest_duplicates_total{source="site"}')).toBe(2);
  expect(
    await valueOf(made, 'linchpin_ingest_rejected_total{source="site",code="ingest.field_missing"}'),
  ).toBe(1);
  expect(await valueOf(made, 'linchpin_ingest_requests_total{status="429",code="ingest.overloaded"}')).toBe(
    1,
  );
  expect(await valueOf(made, 'linchpin_ingest_bytes_total')).toBe(100);
});

test('what the store knows is read at most every five seconds, once for all who ask', async () => {
  let reads = 0;
  const made = make({
    readFacts: () => {
      reads += 1;
      return Promise.resolve({ ...NOTHING, workerCount: reads });
    },
  });
  await Promise.all([made.metrics.render(), made.metrics.render()]);
  expect(await valueOf(made, 'linchpin_workers')).toBe(1);
  await made.clock.advance(5_000);
  expect(await valueOf(made, 'linchpin_workers')).toBe(2);
  expect(reads).toBe(2);
});

test('a PostgreSQL that hangs leaves out what it knows, and the process tells the rest', async () => {
  const made = make({ readFacts: () => new Promise(() => undefined) });
  const rendered = made.metrics.render();
  await made.clock.advance(5_000);
  await rendered;
  expect(await valueOf(made, 'linchpin_store_up')).toBe(0);
  expect(await valueOf(made, 'linchpin_workers')).toBeUndefined();
  expect(await valueOf(made, 'linchpin_pool_waiting')).toBe(2);
  expect(await valueOf(made, 'linchpin_pool_connections{state="busy"}')).toBe(2);
});

const READER = {
  connection: 'hubspot',
  isRead: true,
  behind: 12,
  isExact: true,
  behindSeconds: 3.5,
  parked: 1,
  deadLetters: 2,
  shardCount: 4,
  ownedCount: 3,
};

test('a connection to which no flow sends has no lag, and no shard that waits for a worker', async () => {
  const readers = [{ ...READER, isRead: false, behind: 0, behindSeconds: 0, ownedCount: 0 }];
  const workspaces = [{ workspace: 'acme', readers, suspended: [], replays: [] }];
  const made = make({ readFacts: () => Promise.resolve({ ...NOTHING, workspaces }) });
  const labels = 'workspace="acme",connection="hubspot"';
  expect(await valueOf(made, `linchpin_dead_letters{${labels}}`)).toBe(2);
  expect(await valueOf(made, `linchpin_reader_lag_seconds{${labels}}`)).toBeUndefined();
  expect(await valueOf(made, `linchpin_shards{${labels},state="free"}`)).toBeUndefined();
});

test('a connection that was removed disappears from what is told', async () => {
  let readers = [READER];
  const facts = () => [{ workspace: 'acme', readers, suspended: ['hubspot'], replays: [] }];
  const made = make({ readFacts: () => Promise.resolve({ ...NOTHING, workspaces: facts() }) });
  const labels = '{workspace="acme",connection="hubspot"}';
  expect(await valueOf(made, `linchpin_reader_lag_seconds${labels}`)).toBe(3.5);
  expect(await valueOf(made, `linchpin_connection_suspended${labels}`)).toBe(1);
  expect(await valueOf(made, 'linchpin_shards{workspace="acme",connection="hubspot",state="free"}')).toBe(1);
  readers = [];
  await made.clock.advance(5_000);
  expect(await valueOf(made, `linchpin_reader_lag_seconds${labels}`)).toBeUndefined();
});

test('the use of limits is a share, and free disk is told only of an embedded store', async () => {
  const limit = {
    workspace: 'acme',
    connection: 'hubspot',
    limit: 'burst',
    used: 45,
    allowed: 100,
  };
  const made = make({ ownFacts: { ...IDLE, limits: [limit], freeBytes: 12 } });
  const series = 'linchpin_limit_used_ratio{workspace="acme",connection="hubspot",limit="burst"}';
  expect(await valueOf(made, series)).toBe(0.45);
  expect(await valueOf(made, 'linchpin_disk_free_bytes')).toBe(12);
  expect(await valueOf(make(), 'linchpin_disk_free_bytes')).toBeUndefined();
});

test('the process tells its CPU time, memory, event loop and version', async () => {
  const made = make();
  expect(await valueOf(made, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  expect(await valueOf(made, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(await valueOf(made, 'linchpin_event_loop_delay_seconds{quantile="0.99"}')).toBeGreaterThanOrEqual(0);
  expect(await valueOf(made, 'linchpin_build_info{version="1.2.3"}')).toBe(1);
});

const read = (path: string): string =>
  readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
const SERIES = /\b(?:linchpin|process|nodejs)_[a-z_]+[a-z]\b/g;

/** Names of metrics in a text; histograms without their endings. */
function namesIn(text: string): ReadonlySet<string> {
  return new Set((text.match(SERIES) ?? []).map((name) => name.replace(/_(?:bucket|sum|count)$/, '')));
}

test('every metric is explained in docs/metrics.md, and the page explains nothing else', () => {
  const rows = read('metrics.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => /^\| `(\w+)/.exec(line)?.[1]);
  const names = make().metrics.names();
  expect(new Set(rows)).toEqual(new Set(names));
  expect(rows).toHaveLength(names.length);
});

test.each(['dashboard/linchpin.json', 'dashboard/alerts.yaml'])('%s uses metrics that exist', (path) => {
  const known = new Set(make().metrics.names());
  const used = namesIn(read(path));
  expect(used.size).toBeGreaterThan(5);
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
});
