/** A workspace with one connection to a local vendor, and workers that deliver to it. */
import { pino } from 'pino';
import type { Pool } from 'pg';
import { onTestFinished } from 'vitest';
import { Worker } from '../../src/delivery/index.ts';
import { DEFAULT_DELIVERY } from '../../src/flows/workspace.ts';
import type { Connection, RetrySchedule, Workspace } from '../../src/flows/workspace.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { NewEvent } from '../../src/kernel/event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Fault } from '../../src/kernel/outcome.ts';
import { Redacted } from '../../src/kernel/redacted.ts';
import type { AnyConnector } from '../../src/kit/index.ts';
import { PostgresLog } from '../../src/log/index.ts';
import type { CursorKey } from '../../src/store/queries/cursors.ts';
import { ensureWorkspace } from '../../src/store/queries/workspaces.ts';
import { Signals } from '../../src/store/signals.ts';
import { insertFlow } from './insert-flow.ts';
import { AN_IDENTITY } from './an-identity.ts';
import type { LocalVendor } from './local-vendor.ts';
import { aPayload } from './test-connector.ts';

export const SILENT = pino({ level: 'silent' });

/** Three attempts within some milliseconds. */
export const QUICK_RETRY: RetrySchedule = {
  ...DEFAULT_DELIVERY.retry,
  attemptsMax: 3,
  firstWaitMs: 20,
  factor: 1,
};

export const TOKEN = 'the-secret-token';

let workspaceNumber = 0;

export interface DeliveryBench {
  readonly workspaceId: number;
  readonly key: CursorKey;
  readonly log: PostgresLog;
  readonly connection: Connection;
  readonly workspace: Workspace;
  /** Starts a worker, which stops with the test. */
  startWorker(options?: StartWorker): Promise<Worker>;
  /** The owner by the name under which it was started. */
  cursor(): Promise<{ readonly position: number; readonly epoch: number; readonly owner: string | null }>;
  /** Rows of a table of this workspace. */
  count(
    table: 'attempts' | 'parked' | 'dead_letters' | 'events' | 'sent_once',
    where?: string,
  ): Promise<number>;
}

export interface StartWorker {
  readonly owner?: string;
  readonly schedule?: RetrySchedule;
  readonly pool?: Pool;
  readonly loginOf?: WorkerOptions['loginOf'];
}

type WorkerOptions = ConstructorParameters<typeof Worker>[0];

export async function makeDeliveryBench(
  pool: Pool,
  vendor: LocalVendor,
  connector: AnyConnector,
): Promise<DeliveryBench> {
  workspaceNumber += 1;
  const workspaceId = await ensureWorkspace(pool, `bench-${String(workspaceNumber)}`);
  const name = 'vendor';
  await pool.query(
    `insert into connections (workspace_id, name, connector, settings, secrets, secrets_fingerprint) values ($1, $2, 'test', '{}', '', '')`,
    [workspaceId, name],
  );
  await pool.query(`insert into cursors (workspace_id, connection, shard, position) values ($1, $2, 0, 0)`, [
    workspaceId,
    name,
  ]);
  await pool.query(
    `insert into sources (workspace_id, name, type, settings, secrets, credential_hash)
     values ($1, 'site', 'segment', '{}', '', sha256(convert_to(gen_random_uuid()::text, 'UTF8')))`,
    [workspaceId],
  );
  for (const { id } of connector.presets) await insertFlow(pool, workspaceId, name, id);
  const signals = await startSignals(pool);
  const log = new PostgresLog({
    pool,
    workspaceId,
    clock: systemClock,
    onAppended: () => {
      signals.publish('log', workspaceId);
    },
  });
  const connection: Connection = {
    workspaceId,
    name,
    revision: '1',
    workspace: 'acme',
    allowsPrivateAddresses: true,
    connector,
    delivery: DEFAULT_DELIVERY,
    settings: { base_url: vendor.url, access_token: new Redacted(TOKEN) },
    suspended: null,
    flows: connector.presets.map((preset) => ({
      name: preset.id,
      preset,
      source: 'site',
      options: {},
    })),
  };
  const loadSuspension = async (): Promise<Connection['suspended']> => {
    const { rows } = await pool.query<{ fault: Fault | null }>(
      `select suspended_fault as fault from connections where workspace_id = $1 and name = $2`,
      [workspaceId, name],
    );
    const fault = rows[0]?.fault ?? null;
    return fault === null ? null : { fault, at: '' };
  };
  return {
    workspaceId,
    key: { workspaceId, connection: name, shard: 0, slots: { from: 0, to: 64 } },
    log,
    connection,
    workspace: { id: workspaceId, name: 'bench', connections: [connection] },
    startWorker: async ({
      owner = 'a worker',
      schedule = QUICK_RETRY,
      pool: ownPool = pool,
      loginOf,
    } = {}) => {
      const worker = new Worker({
        pool: ownPool,
        signals,
        clock: systemClock,
        random: Math.random,
        logger: SILENT,
        identity: { ...AN_IDENTITY, name: owner, workspaceId },
        logOf: () => log,
        ...(loginOf === undefined ? {} : { loginOf }),
        loadWorkspaces: async () => [
          {
            id: workspaceId,
            name: 'bench',
            connections: [
              {
                ...connection,
                delivery: { ...connection.delivery, retry: schedule },
                suspended: await loadSuspension(),
              },
            ],
          },
        ],
      });
      await worker.start();
      onTestFinished(async () => {
        await worker.stop();
      });
      return worker;
    },
    cursor: async () => {
      const { rows } = await pool.query<{ position: number; epoch: number; owner: string | null }>(
        `select position, epoch, owner from cursors where workspace_id = $1`,
        [workspaceId],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('The cursor is gone.');
      return { ...row, owner: row.owner?.replace(/_[^_]*$/, '') ?? null };
    },
    count: async (table, where = 'true') => {
      const { rows } = await pool.query<{ n: number }>(
        `select count(*)::integer as n from ${table} where workspace_id = $1 and ${where}`,
        [workspaceId],
      );
      return rows[0]?.n ?? 0;
    },
  };
}

async function startSignals(pool: Pool): Promise<Signals> {
  const signals = new Signals({ pool, clock: systemClock, onError: () => undefined });
  await signals.listen();
  onTestFinished(() => {
    signals.close();
  });
  return signals;
}

let eventNumber = 0;

/** An identify (merged per key) or a track (event-like) for the test presets. */
export function anEvent(
  key: string,
  value: number,
  { type = 'identify', more = {} }: { readonly type?: 'identify' | 'track'; readonly more?: JsonObject } = {},
): NewEvent {
  eventNumber += 1;
  const at = '2026-11-21T12:00:00.000Z';
  return {
    id: `event-${String(eventNumber)}`,
    source: 'site',
    type,
    name: null,
    personKey: key,
    occurredAt: at,
    receivedAt: at,
    body: JSON.stringify(aPayload(key, value, more)),
  };
}
