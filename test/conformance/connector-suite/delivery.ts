/** What an action does when nothing goes wrong: alone, in full batches, again, and only in words. */
import { expect, test } from 'vitest';
import type { AnyAction } from '../../../src/kit/index.ts';
import type { ActionRecipe, AnEmulator } from './recipe.ts';
import { present, summary } from './rig.ts';
import type { Delivered, Rig } from './rig.ts';

// Beyond what short windows allow at once, and still a moment's work: time leaps over the waits.
const ROUNDS = 40;

export function describeDelivery<Emulator extends AnEmulator>(
  action: AnyAction,
  recipe: ActionRecipe<Emulator>,
  rig: Rig<Emulator>,
): void {
  const { required, full, more = [], many } = recipe;

  test.each([
    ['the required fields alone', [required]],
    ['every field', [full, ...more]],
  ])('is delivered with %s', async (_what, inputs) => {
    await rig.begin(recipe);
    for (const input of inputs) {
      expect(endOf(await rig.deliver(action, recipe, [input]))).toEqual(delivered(1));
    }
  });

  test('is shown before it is sent, and a preview sends nothing', async () => {
    for (const input of [required, full, ...more]) {
      await rig.begin(recipe);
      const { calls } = rig.preview(action, recipe, input);
      expect(rig.emulator.admin.countRequests()).toBe(0);
      await rig.deliver(action, recipe, [input]);
      const sent = rig.emulator.admin.requests();
      expect(calls.length > 0, 'a preview shows a call if there will be one').toBe(sent.length > 0);
      if (input !== required) continue;
      // What an ordinary input has read first is assumed, so that the preview gets to what is written.
      const hasWrites = sent.some(({ method }) => method !== 'GET');
      expect(calls.some(({ method }) => method !== 'GET')).toBe(hasWrites);
    }
  });

  test('leaves the vendor as it is when the same inputs are sent again', async () => {
    await rig.beginAtOneMoment(recipe);
    expect(endOf(await rig.deliver(action, recipe, [full]))).toEqual(delivered(1));
    const before = rig.lasting();
    const { outcomes, bugs } = await rig.deliver(action, recipe, [full], { isReplay: true });
    expect(bugs).toEqual([]);
    // Skipped, where nobody is left whom it could be done to.
    expect(['delivered', 'skipped']).toContain(outcomes[0]?.kind);
    expect(rig.lasting()).toEqual(before);
  });

  test.each(present(action.coalesce))(
    'merges inputs of one record into one that is still an input',
    (merge) => {
      const options: unknown = action.options.parse(recipe.options ?? {});
      const [older, newer] = [action.input.parse(required), action.input.parse(full)];
      for (const merged of [merge(older, newer, options), merge(newer, older, options)]) {
        expect(action.input.safeParse(merged).error).toBeUndefined();
      }
    },
  );

  test.each(present(action.coalesce))(
    'writes by a merged input what both of its inputs write',
    async (merge) => {
      const parse = (input: unknown): unknown => action.input.parse(input);
      const options: unknown = action.options.parse(recipe.options ?? {});
      const orders = [
        [required, full],
        [full, required],
      ];
      for (const [older, newer] of orders) {
        if (action.orderKey(parse(older)) !== action.orderKey(parse(newer))) continue;
        await rig.beginAtOneMoment(recipe);
        expect(endOf(await rig.deliver(action, recipe, [older])).bugs).toEqual([]);
        expect(endOf(await rig.deliver(action, recipe, [newer])).bugs).toEqual([]);
        const inTurn = rig.lasting();
        await rig.beginAtOneMoment(recipe);
        const merged: unknown = merge(parse(older), parse(newer), options);
        expect(endOf(await rig.deliver(action, recipe, [merged])).bugs).toEqual([]);
        expect(rig.lasting()).toEqual(inTurn);
      }
    },
  );

  test('paces its calls so that the vendor never finds one too many', async () => {
    await rig.begin(recipe);
    for (let round = 0; round < ROUNDS; round += 1)
      await rig.deliver(action, recipe, [many?.(round) ?? full]);
    expect(rig.emulator.admin.requests({ status: 429 })).toEqual([]);
  });

  test.each(present(many))(
    'is delivered in a batch as full as batches get, each input for itself',
    async (make) => {
      const { maxItems } = action.batch;
      await rig.begin(recipe, maxItems);
      const inputs = Array.from({ length: maxItems }, (_, index) => make(index));
      expect(endOf(await rig.deliver(action, recipe, inputs))).toEqual(delivered(maxItems));
      const refused = rig.emulator.admin.requests().filter(({ status }) => status === 413 || status === 429);
      expect(refused, 'the vendor finds no call too large and none too many').toEqual([]);
    },
  );
}

/** What became of the inputs, and what the connector did against its contract. */
function endOf({ outcomes, bugs }: Delivered) {
  return { outcomes: summary(outcomes), bugs };
}

const delivered = (count: number) => ({ outcomes: { delivered: count }, bugs: [] });
