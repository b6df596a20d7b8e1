/** Workers that were killed on this machine, told from the living by their processes instead of by waiting. */
import { findStartMark } from './process-identity.ts';
import type { Db } from './db.ts';
import { deleteWorker, listWorkerProcesses } from './queries/workers.ts';

/**
 * Frees what dead processes own. For the process that runs the embedded server: nobody on another machine reaches it, so
 * every worker runs here.
 */
export async function deleteDeadLocalWorkers(db: Db): Promise<void> {
  for (const { id, pid, processMark } of await listWorkerProcesses(db)) {
    if (findStartMark(pid) !== processMark) await deleteWorker(db, id);
  }
}
