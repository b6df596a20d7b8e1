/** Makes commits of appended events slow, each by another time, so that they would overtake each other if they could. */
import type { Pool } from 'pg';

// Positions are handed out by the insert; what waits after it, in the same transaction, holds them back from readers.
const SLOW_COMMITS = `
  create function dawdle() returns trigger language plpgsql as $$
  begin
    perform pg_sleep(random() * 0.2);
    return null;
  end
  $$;
  create trigger dawdle after insert on events for each statement execute function dawdle()`;

export async function slowCommitsDown(pool: Pool): Promise<void> {
  await pool.query(SLOW_COMMITS);
}
