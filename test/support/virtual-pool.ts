/** PostgreSQL as it is, except that time stands still while it works, and that its clock is the virtual one. */
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { VirtualTime } from './virtual-time.ts';

export function inVirtualTime(pool: Pool, time: VirtualTime): Pool {
  return replacing(pool, {
    query: query(pool, time),
    connect: async () => {
      const client = await time.during(() => pool.connect());
      return replacing(client, { query: query(client, time) });
    },
  });
}

function query(db: Pool | PoolClient, { clock, during }: VirtualTime) {
  return (...args: unknown[]) =>
    during(async () => {
      const result = (await Reflect.apply(db.query, db, args)) as QueryResult<Record<string, unknown>>;
      // The one statement whose time is reckoned with: limits are counted by the store's clock.
      for (const row of result.rows) if ('now_ms' in row) row['now_ms'] = clock.now();
      return result;
    });
}

function replacing<T extends object>(original: T, parts: Readonly<Record<string, unknown>>): T {
  return new Proxy(original, {
    get: (target, name) => {
      if (typeof name === 'string' && name in parts) return parts[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
