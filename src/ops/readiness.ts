/** Whether this process can do its work, for load balancers and operators. */
import type { Pool } from 'pg';
import type { Worker } from '../delivery/index.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/**
 * Ready means that events can be taken in: PostgreSQL answers. Readers are told of, but a suspended connection
 * keeps no event out.
 */
export async function assessReadiness(pool: Pool, worker: Pick<Worker, 'report'>): Promise<Readiness> {
  const store = await askStore(pool);
  const readers = worker.report().map(({ connection, state }) => ({
    name: `reader ${connection}`,
    ok: state !== 'suspended',
    detail: state,
  }));
  return { ready: store.ok, checks: [store, ...readers] };
}

async function askStore(pool: Pool): Promise<Readiness['checks'][number]> {
  try {
    await pool.query('select 1');
    return { name: 'postgresql', ok: true, detail: 'answers' };
  } catch (error) {
    return { name: 'postgresql', ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
