import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aPart } from '../../test/support/a-part.ts';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput } from '../../test/support/test-connector.ts';
import { DEFAULT_DELIVERY } from '../flows/workspace.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { AnyAction, AnyPreset, Call } from '../kit/index.ts';
import { LIVE_CLAIMANT, Patience, RecordClaims } from '../outbound/index.ts';
import type { Sent } from '../outbound/index.ts';
import { MemoryCache } from './memory-cache.ts';
import { runBatch } from './run-batch.ts';
import type { BatchParts, BatchRun } from './run-batch.ts';
import { newWork } from './work.ts';
import type { Work } from './work.ts';

const clock = makeManualClock();
const connector = makeTestConnector();
const [put] = connector.presets as readonly [AnyPreset];
const fault = { code: 'test.http_400', message: 'No.' };
const exchange = { method: 'POST', url: '', requestBody: '', startedAt: '', durationMs: 0 };

type Answer = (inputs: readonly TestInput[]) => Sent | undefined;

async function run(
  answer: Answer,
  keys: readonly string[],
  action: Partial<AnyAction> = {},
  behindLive: Pick<BatchParts, 'patience'> = {},
) {
  const flow: Flow = {
    name: 'put',
    preset: { ...put, action: { ...put.action, ...action } },
    source: 'site',
    options: {},
  };
  const works: Work[] = keys.map((key, position) => {
    return newWork(flow, aPart({ position, input: { key, values: [] } }), 0);
  });
  const connection: Connection = {
    workspaceId: 1,
    name: 'vendor',
    revision: '1',
    workspace: 'acme',
    allowsPrivateAddresses: true,
    connector,
    delivery: DEFAULT_DELIVERY,
    settings: {},
    suspended: null,
    flows: [flow],
  };
  const bugs: unknown[] = [];
  const runs: BatchRun[] = [];
  let callCount = 0;
  const client = {
    send: ({ body }: Call, signal: AbortSignal): Promise<Sent | undefined> => {
      if (signal.aborted) return Promise.resolve(undefined);
      callCount += 1;
      return Promise.resolve(answer(body as unknown as readonly TestInput[]));
    },
    conceal: (outcome: Outcome): Outcome => outcome,
  };
  for await (const each of runBatch(flow, works, {
    connection,
    client,
    claims: new RecordClaims(),
    claimant: LIVE_CLAIMANT,
    cache: new MemoryCache(clock),
    clock,
    signal: new AbortController().signal,
    onConnectorBug: (error) => bugs.push(error),
    ...behindLive,
  })) {
    runs.push(each);
  }
  const outcomes = runs.flatMap(({ works: of, outcomes: kinds }) =>
    of.map((work, index) => [(work.input as TestInput).key, kinds[index]?.kind] as const),
  );
  return { runs, outcomes, bugs, callCount };
}

const OK: Sent = { kind: 'response', response: { status: 200, headers: {}, body: [] }, exchange };
const REFUSED: Sent = { kind: 'failed', failure: { kind: 'rejected', fault }, exchange };

test('when calls with certain inputs are refused, exactly those inputs are, and each input has one outcome', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (isPoison) => {
      const keys = isPoison.map((bad, index) => `${bad ? 'bad' : 'good'} ${String(index)}`);
      const answer: Answer = (inputs) => (inputs.some(({ key }) => key.startsWith('bad')) ? REFUSED : OK);
      const { outcomes } = await run(answer, keys);
      expect(outcomes).toEqual(keys.map((key) => [key, key.startsWith('bad') ? 'rejected' : 'delivered']));
    }),
    { numRuns: 50 },
  );
});

test('one poisonous input among a hundred costs fifteen calls at the most', async () => {
  const keys = Array.from({ length: 100 }, (_, index) => String(index));
  const { callCount } = await run((inputs) => (inputs.some(({ key }) => key === '37') ? REFUSED : OK), keys);
  expect(callCount).toBeLessThanOrEqual(15);
});

test.each<[string, Sent | undefined, string, boolean]>([
  [
    'an outage is the fate of the whole batch',
    { kind: 'failed', failure: { kind: 'retry', fault } },
    'retry',
    true,
  ],
  ['a limit is', { kind: 'failed', failure: { kind: 'deferred', waitMs: 9, reason: '' } }, 'deferred', false],
  ['refused credentials are', { kind: 'failed', failure: { kind: 'suspended', fault } }, 'suspended', false],
  ['so is stopping before the call left', undefined, 'deferred', false],
])('%s, without splitting it', async (_, sent, kind, isOutage) => {
  const { runs, callCount } = await run(() => sent, ['a', 'b']);
  expect(callCount).toBe(1);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ outcomes: [{ kind }, { kind }], isOutage });
});

test('a replay that was begun is tried to its end, and one that has lost its patience goes back as it was', async () => {
  const patience = new Patience(clock);
  const answer: Answer = (inputs) => {
    patience.end();
    return inputs.some(({ key }) => key === 'bad') ? REFUSED : OK;
  };
  const begun = await run(answer, ['good', 'bad', 'better'], {}, { patience });
  expect(begun.outcomes).toEqual([
    ['good', 'delivered'],
    ['bad', 'rejected'],
    ['better', 'delivered'],
  ]);
  const over = new Patience(clock);
  over.end();
  const { runs, callCount } = await run(() => OK, ['a', 'b'], {}, { patience: over });
  expect(callCount).toBe(0);
  expect(runs).toMatchObject([{ outcomes: [{ kind: 'deferred' }, { kind: 'deferred' }], isOutage: false }]);
});

test('a connector that throws on one input costs that input', async () => {
  const { outcomes, bugs } = await run(() => OK, ['a', 'b', 'c'], {
    *deliver(items) {
      if (items.some(({ input }) => (input as TestInput).key === 'b')) throw new TypeError('no such field');
      return yield* put.action.deliver(items, {
        settings: {},
        options: {},
        cache: new MemoryCache(clock),
        nowMs: 0,
      });
    },
  });
  expect(outcomes).toEqual([
    ['a', 'delivered'],
    ['b', 'rejected'],
    ['c', 'delivered'],
  ]);
  expect(bugs.length).toBeGreaterThan(0);
});

test('a connector that returns a wrong number of outcomes is never believed', async () => {
  const { outcomes, bugs } = await run(() => OK, ['a', 'b'], {
    // eslint-disable-next-line require-yield -- this one needs no call
    *deliver() {
      return [];
    },
  });
  expect(outcomes.map(([, kind]) => kind)).toEqual(['rejected', 'rejected']);
  expect(bugs.length).toBe(3);
});
