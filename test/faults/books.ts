/** What Linchpin's own database says, in the middle of a run and at its end. */
import type { Pool } from 'pg';
import { parseMessageId } from './senders.ts';
import type { Judge } from './judge.ts';

const UNSETTLED = `
  select e.message_id
  from cursors c
  join events e on e.workspace_id = c.workspace_id and e.position > c.position and e.slot >= c.slot_from and e.slot < c.slot_to
  where not exists (
    select from generate_series(1, cardinality(c.done), 4) as i(at)
    where e.slot >= c.done[i.at] and e.slot < c.done[i.at + 1] and e.position between c.done[i.at + 2] and c.done[i.at + 3]
  )
  union
  select event_id from parked`;

/**
 * Events that the vendor has and that are not on record as settled: the window in flight. If their owner is dead,
 * these come again, and no others do. To be asked when what has left has taken effect.
 */
export async function countExposed(pool: Pool, judge: Judge): Promise<number> {
  const { rows } = await pool.query<{ message_id: string }>(UNSETTLED);
  return rows.filter(({ message_id: id }) => {
    const event = parseMessageId(id);
    return event !== undefined && judge.hasArrived(event.person, event.value);
  }).length;
}

export interface Books {
  readonly events: number;
  /** Events that a reader has not passed yet. */
  readonly behind: number;
  readonly parked: number;
  readonly deadLetters: number;
}

const BOOKS = `
  select
    (select count(*)::integer from events) as events,
    (select count(*)::integer from cursors c join events e
      on e.workspace_id = c.workspace_id and e.position > c.position and e.slot >= c.slot_from and e.slot < c.slot_to) as behind,
    (select count(*)::integer from parked) as parked,
    (select count(*)::integer from dead_letters where status = 'open') as "deadLetters"`;

export async function readBooks(pool: Pool): Promise<Books> {
  const { rows } = await pool.query<Books>(BOOKS);
  const [books] = rows;
  if (books === undefined) throw new Error('A statement without conditions returned no row.');
  return books;
}
