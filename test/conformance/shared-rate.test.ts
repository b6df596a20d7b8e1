import { expect, onTestFinished, test } from 'vitest';
import { makeLimitStore } from '../../src/delivery/limit-store.ts';
import { ensureWorkspace } from '../../src/store/queries/workspaces.ts';
import { withDatabase } from '../support/database.ts';
import { runAtFullRate } from '../support/rate-run.ts';
import { inVirtualTime } from '../support/virtual-pool.ts';
import { makeVirtualTime } from '../support/virtual-time.ts';

const database = withDatabase();

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
    onTestFinished(time.stop);
    const workspaceId = await ensureWorkspace(database.pool, 'acme');
    const connection = { workspaceId, name: `hubspot-${String(workerCount)}-${String(foreignShare > 0)}` };
    const result = await runAtFullRate({
      clock: time.clock,
      pass: time.pass,
      makeStore: () => makeLimitStore(inVirtualTime(database.pool, time), connection),
      workerCount,
      foreignShare,
      windows: 4,
    });
    expect(result.refused).toBe(0);
    expect(result.usedShare).toBeGreaterThanOrEqual(0.95);
  },
);
