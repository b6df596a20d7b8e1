/**
 * Statements on workers: processes that read. The row of a worker is the lease of everything that it owns. Renewing
 * and declaring dead are both writes of that row, so that one of them comes first for all: a worker whose renewal
 * succeeded was not declared dead, and one whose row is gone never comes back under its id.
 */
import type { Db } from '../db.ts';

// Others take over within a second of this (`LOOK_EVERY_MS` in delivery/worker.ts), and the whole must stay below ten
// seconds on a machine that is busy too.
export const LEASE_MS = 7_000;

/** What a worker says of itself. */
export interface WorkerIdentity {
  /** Never used again. */
  readonly id: string;
  /** The one workspace that it reads; `undefined` for all. */
  readonly workspaceId: number | undefined;
  readonly host: string;
  readonly pid: number;
  readonly processMark: string;
  readonly role: string;
  readonly version: string;
}

const INSERT = `
  insert into workers (id, workspace_id, host, pid, process_mark, role, version) values ($1, $2, $3, $4, $5, $6, $7)`;

export async function insertWorker(db: Db, worker: WorkerIdentity): Promise<void> {
  const { id, workspaceId, host, pid, processMark, role, version } = worker;
  await db.query(INSERT, [id, workspaceId ?? null, host, pid, processMark, role, version]);
}

const RENEW = `update workers set seen_at = now() where id = $1`;

/** Renews the leases of all that the worker owns; false when others have declared it dead. */
export async function renewWorker(db: Db, id: string): Promise<boolean> {
  const { rowCount } = await db.query({ name: 'renew_worker', text: RENEW, values: [id] });
  return rowCount === 1;
}

const DRAIN = `update workers set is_draining = true, seen_at = now() where id = $1`;

/** Says that the worker takes no more shards; it keeps those it owns until it has released them. */
export async function drainWorker(db: Db, id: string): Promise<void> {
  await db.query(DRAIN, [id]);
}

/** Frees whatever the worker still owns. */
export async function deleteWorker(db: Db, id: string): Promise<void> {
  await db.query(`delete from workers where id = $1`, [id]);
}

export interface LivingWorker {
  readonly id: string;
  readonly workspaceId: number | undefined;
  readonly isDraining: boolean;
}

// The deletion takes effect only after the statement, so that the dead are left out of what it lists.
const SWEEP = `
  with dead as (
    delete from workers where seen_at < now() - $1 * interval '1 millisecond' returning id
  )
  select id, workspace_id as "workspaceId", is_draining as "isDraining" from workers
  where id not in (select id from dead)
  order by id`;

/** Declares dead whoever did not renew within `leaseMs`, and lists the others. */
export async function sweepWorkers(db: Db, leaseMs: number): Promise<readonly LivingWorker[]> {
  const { rows } = await db.query<
    Omit<LivingWorker, 'workspaceId'> & { readonly workspaceId: number | null }
  >({
    name: 'sweep_workers',
    text: SWEEP,
    values: [leaseMs],
  });
  return rows.map((row) => ({ ...row, workspaceId: row.workspaceId ?? undefined }));
}

export type WorkerProcess = Pick<WorkerIdentity, 'id' | 'pid' | 'processMark'>;

/** The processes behind all workers: for a caller who knows that every one of them runs on this machine. */
export async function listWorkerProcesses(db: Db): Promise<readonly WorkerProcess[]> {
  const { rows } = await db.query<WorkerProcess>(
    `select id, pid, process_mark as "processMark" from workers order by id`,
  );
  return rows;
}
