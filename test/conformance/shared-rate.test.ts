import { expect, test } from 'vitest';
import { makeLimitStore } from '../../src/delivery/limit-store.ts';
import type { LimitStore } from '../../src/outbound/index.ts';
import { ensureWorkspace } from '../../src/store/queries/workspaces.ts';
import { withDatabase } from '../support/database.ts';
import { runAtFullRate } from '../support/rate-run.ts';
import { makeVirtualTime } from '../support/virtual-time.ts';
import type { VirtualTime } from '../support/virtual-time.ts';

const database = withDatabase();

/** PostgreSQL as it is, except that its clock is the one of the test. */
function inVirtualTime(store: LimitStore, { clock, during }: VirtualTime): LimitStore {
  return {
    load: (names) => during(async () => ({ ...(await store.load(names)), nowMs: clock.now() })),
    swap: (changes) => during(async () => ({ ...(await store.swap(changes)), nowMs: clock.now() })),
  };
}

test.each([
  { workerCount: 1, foreign: 'nothing', foreignShare: 0 },
  { workerCount: 2, foreign: 'nothing', foreignShare: 0 },
  { workerCount: 4, foreign: 'nothing', foreignShare: 0 },
  { workerCount: 1, foreign: 'a third', foreignShare: 1 / 3 },
  { workerCount: 4, foreign: 'a third', foreignShare: 1 / 3 },
])(
  'with a backlog 95 % of HubSpot’s rate is used and no 429 provoked: $workerCount workers, another client takes $foreign',
  async ({ workerCount, foreignShare }) => {
    const time = makeVirtualTime();
    const workspaceId = await ensureWorkspace(database.pool, 'acme');
    const connection = { workspaceId, name: `hubspot-${String(workerCount)}-${String(foreignShare > 0)}` };
    const result = await runAtFullRate({
      clock: time.clock,
      pass: time.pass,
      makeStore: () => inVirtualTime(makeLimitStore(database.pool, connection), time),
      workerCount,
      foreignShare,
      windows: 4,
    });
    expect(result.refused).toBe(0);
    expect(result.usedShare).toBeGreaterThanOrEqual(0.95);
  },
);
