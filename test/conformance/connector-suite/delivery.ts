/** What an action does when nothing goes wrong: alone, in full batches, again, and only in words. */
import { expect, test } from 'vitest';
import type { AnyAction } from '../../../src/kit/index.ts';
import type { ActionRecipe, AnEmulator } from './recipe.ts';
import type { Delivered, Rig } from './rig.ts';

export function describeDelivery<Emulator extends AnEmulator>(
  action: AnyAction,
  recipe: ActionRecipe<Emulator>,
  rig: Rig<Emulator>,
): void {
  const { required, full, more = [], many, arrange } = recipe;

  test.each([
    ['the required fields alone', [required]],
    ['every field', [full, ...more]],
  ])('is delivered with %s', async (_what, inputs) => {
    arrange?.(rig.emulator);
    for (const input of inputs) expectDelivered(await rig.deliver(action, recipe, [input]), 1);
  });

  test('is shown before it is sent, and a preview sends nothing', async () => {
    arrange?.(rig.emulator);
    for (const input of [required, full, ...more]) {
      rig.emulator.admin.clearRequests();
      const { calls } = rig.preview(action, recipe, input);
      expect(rig.emulator.admin.countRequests()).toBe(0);
      await rig.deliver(action, recipe, [input]);
      const sent = rig.emulator.admin.requests();
      expect(calls.length > 0, 'a preview shows a call if there will be one').toBe(sent.length > 0);
      // What is read first is assumed, so that the preview gets to what is written.
      const hasWrites = sent.some(({ method }) => method !== 'GET');
      expect(calls.some(({ method }) => method !== 'GET')).toBe(hasWrites);
    }
  });

  test('leaves the vendor as it is when the same inputs are sent again', async () => {
    arrange?.(rig.emulator);
    const { emulator } = rig;
    emulator.clock.freeze();
    const look = (): unknown => structuredClone(recipe.lasting?.(emulator) ?? emulator.admin.state());
    const inputs = [full];
    expectDelivered(await rig.deliver(action, recipe, inputs), inputs.length);
    const before = look();
    expectThrough(await rig.deliver(action, recipe, inputs, { isReplay: true }), inputs.length);
    expect(look()).toEqual(before);
  });

  if (action.coalesce !== undefined) {
    test('merges inputs of one record into one that is still an input', () => {
      const merge = action.coalesce as (older: unknown, newer: unknown, options: unknown) => unknown;
      const options = action.options.parse(recipe.options ?? {});
      const [older, newer] = [action.input.parse(required), action.input.parse(full)];
      for (const merged of [merge(older, newer, options), merge(newer, older, options)]) {
        expect(action.input.safeParse(merged).error).toBeUndefined();
      }
    });
  }

  if (many !== undefined) {
    test('is delivered in a batch as full as batches get, one outcome for each input', async () => {
      arrange?.(rig.emulator);
      const { maxItems } = action.batch;
      const inputs = Array.from({ length: maxItems }, (_, index) => many(index));
      expectDelivered(await rig.deliver(action, recipe, inputs), maxItems);
      const refused = rig.emulator.admin
        .requests()
        .filter(({ status = 0 }) => status === 413 || status === 429);
      expect(refused, 'the vendor finds no call too large and none too many').toEqual([]);
    });
  }
}

function expectDelivered({ outcomes, bugs }: Delivered, count: number): void {
  expect(bugs).toEqual([]);
  expect(outcomes).toHaveLength(count);
  expect(outcomes.filter(({ kind }) => kind !== 'delivered')).toEqual([]);
}

/** Delivered, or skipped because nothing is left to do. */
function expectThrough({ outcomes, bugs }: Delivered, count: number): void {
  expect(bugs).toEqual([]);
  expect(outcomes).toHaveLength(count);
  expect(outcomes.filter(({ kind }) => kind !== 'delivered' && kind !== 'skipped')).toEqual([]);
}
