/** One outcome for each input, whatever the vendor answers: some of it, nothing, or what it never documented. */
import { expect, test } from 'vitest';
import { fitsPathPattern } from '../../../emulators/core/path-pattern.ts';
import type { AnyAction } from '../../../src/kit/index.ts';
import type { ActionRecipe, AnEmulator, FaultInput } from './recipe.ts';
import { SOME, summary } from './rig.ts';
import type { Rig } from './rig.ts';
import { echoesOf } from './secrets.ts';

type BadAnswer = readonly [name: string, fault: Pick<FaultInput, 'status' | 'body' | 'headers'>];

const HTML = { 'content-type': 'text/html' };

/** 2xx answers without a documented form. The last ones are no answers of the vendor at all. */
const EMPTY: readonly BadAnswer[] = [
  ['nothing', { status: 200 }],
  ['204', { status: 204 }],
  ['an empty object', { status: 200, body: {} }],
  ['an empty list', { status: 200, body: [] }],
  ['null', { status: 200, body: null }],
];
const MALFORMED: readonly BadAnswer[] = [
  ['a number', { status: 200, body: 7 }],
  ['fields of other types', { status: 200, body: odd() }],
  ['a list of nulls', { status: 200, body: [null, null] }],
];
const FOREIGN: readonly BadAnswer[] = [
  ['the page of a proxy', { status: 200, body: '<html><body>Log in</body></html>', headers: HTML }],
  [
    'JSON that is cut off',
    { status: 200, body: '{"data": [{"id": "1', headers: { 'content-type': 'application/json' } },
  ],
];

function odd(): Record<string, unknown> {
  return {
    id: [],
    ids: 'x',
    data: 1,
    items: {},
    results: 'x',
    errors: 7,
    status: {},
    tags: null,
    total: 'x',
    error: [],
  };
}

export function describeAnswers<Emulator extends AnEmulator>(
  action: AnyAction,
  recipe: ActionRecipe<Emulator>,
  rig: Rig<Emulator>,
): void {
  const { full, many, partial = [], trusts2xx = {} } = recipe;
  const trusted = Object.keys(trusts2xx);
  const count = Math.min(SOME, action.batch.maxItems);
  const inputs = many === undefined ? [full] : Array.from({ length: count }, (_, index) => many(index));

  test.each([...EMPTY, ...MALFORMED, ...FOREIGN])(
    'has one outcome for each input when any of its calls is answered with %s',
    async (name, answer) => {
      const isForeign = FOREIGN.some(([foreign]) => foreign === name);
      await rig.begin(recipe);
      await rig.deliver(action, recipe, inputs);
      const calls = rig.emulator.admin.requests();
      for (const [skip, { method, path }] of calls.entries()) {
        await rig.begin(recipe);
        rig.emulator.admin.addFault({ ...answer, skip, times: 1 });
        const { outcomes, bugs } = await rig.deliver(action, recipe, inputs);
        const where = `${method} ${path} answered with ${name}`;
        expect(bugs, where).toEqual([]);
        expect(outcomes, where).toHaveLength(inputs.length);
        if (!isForeign || trusted.some((pattern) => fitsPathPattern(pattern, path))) continue;
        const taken = outcomes.filter(({ kind }) => kind === 'delivered');
        // Where there is such a call for each input, it speaks of one of them.
        const peers = calls.filter((call) => call.method === method && depthOf(call.path) === depthOf(path));
        const spared = peers.length >= inputs.length ? inputs.length - 1 : 0;
        expect(taken.length, `${where} proves no delivery`).toBeLessThanOrEqual(spared);
      }
    },
  );

  // Paths that name one record each differ in its id alone.
  const depthOf = (path: string): number => path.split('/').length;

  test('quotes no secret, whatever the vendor quotes', async () => {
    await rig.begin(recipe);
    for (const status of [400, 401, 403, 404, 409, 422, 429, 500]) {
      for (const body of echoesOf(rig.secrets)) {
        rig.emulator.admin.clearFaults();
        rig.emulator.admin.addFault({ status, body });
        const { outcomes, bugs } = await rig.deliver(action, recipe, [full]);
        expect(bugs).toEqual([]);
        expect(outcomes).toHaveLength(1);
      }
    }
  });

  test.each(partial.map((one) => [one.name, one] as const))(
    'has an outcome of its own for each input: %s',
    async (_name, one) => {
      await rig.begin(recipe);
      one.arrange?.(rig.emulator);
      if (one.fault !== undefined) rig.emulator.admin.addFault(one.fault);
      const { outcomes, bugs } = await rig.deliver(action, recipe, one.inputs);
      expect(bugs).toEqual([]);
      expect(
        outcomes.map(({ kind }) => kind),
        JSON.stringify(summary(outcomes)),
      ).toEqual(one.outcomes);
    },
  );
}
