/** Parks the heads of a tenth of all people until tomorrow, so that whatever comes for them must queue up behind. */
import type { BenchWorkspace } from './engine-bench.ts';
import { emailOf, PEOPLE } from './engine-bench.ts';
import { slotOf } from '../../src/log/index.ts';

const PARK = `
  insert into parked (workspace_id, connection, slot, flow, action, order_key, position, place, event_id, event_type, input,
    attempt_count, due_at, fault)
  select $1, 'vendor-1', p.slot, 'to-vendor-1', 'put', 'put ' || p.email, -p.number, -p.number, 'parked-' || p.number, 'identify',
    json_build_object('email', p.email, 'properties', json_build_object())::text, 1, now() + interval '1 day',
    '{"code":"bench.busy","message":"The vendor could not take it."}'
  from unnest($2::integer[], $3::text[], $4::smallint[]) as p(number, email, slot)`;

export async function parkTenthOfKeys({ id, pool }: BenchWorkspace): Promise<void> {
  const people = Array.from({ length: PEOPLE / 10 }, (_, index) => index * 10);
  await pool.query(PARK, [
    id,
    people.map((person) => person + 1),
    people.map(emailOf),
    people.map((person) => slotOf(`user-${String(person)}`)),
  ]);
}
