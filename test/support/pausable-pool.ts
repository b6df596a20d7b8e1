/**
 * A pool whose answers can be held back, as for a process that stands still or lost its network: what was sent before
 * has its effect in the database, and its sender learns of it late.
 */
import type { Pool, PoolClient } from 'pg';

export interface PausablePool {
  readonly pool: Pool;
  pause(): void;
  resume(): void;
}

type Call = (...args: readonly unknown[]) => Promise<unknown>;

export function makePausable(pool: Pool): PausablePool {
  let gate: Promise<void> | undefined;
  let open = (): void => undefined;
  const gated =
    (call: Call): Call =>
    async (...args) => {
      await gate;
      const result = await call(...args);
      await gate;
      return result;
    };
  const wrap = <T extends Pool | PoolClient>(target: T, replaced: Readonly<Record<string, Call>>): T =>
    new Proxy(target, {
      get: (_target, name) => {
        const own = replaced[String(name)];
        if (own !== undefined) return own;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value as Call).bind(target) : value;
      },
    });
  const queryOf = (target: Pool | PoolClient): Call => gated(target.query.bind(target) as Call);
  return {
    pool: wrap(pool, {
      query: queryOf(pool),
      connect: gated(async () => {
        const client = await pool.connect();
        return wrap(client, { query: queryOf(client) });
      }),
    }),
    pause: () => {
      gate ??= new Promise((resolve) => {
        open = resolve;
      });
    },
    resume: () => {
      gate = undefined;
      open();
    },
  };
}
