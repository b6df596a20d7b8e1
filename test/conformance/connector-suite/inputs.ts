/** What an action takes, and what it keeps in order. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { AnyAction } from '../../../src/kit/index.ts';
import { present } from './rig.ts';
import { without } from './recipe.ts';
import type { ActionRecipe, AnEmulator } from './recipe.ts';
import type { Rig } from './rig.ts';

export function describeInputs<Emulator extends AnEmulator>(
  action: AnyAction,
  recipe: ActionRecipe<Emulator>,
  rig: Rig<Emulator>,
): void {
  const { required, full, more = [], setByMerging = [], many, options = {} } = recipe;
  const inputs = [required, full, ...more];
  const { maxItems } = action.batch;

  test('takes required and full inputs, and nothing that is no input', () => {
    expect(action.options.safeParse(options).error).toBeUndefined();
    for (const input of inputs) expect(action.input.safeParse(input).error).toBeUndefined();
    for (const nonsense of [undefined, null, 'text', 1, []]) {
      expect(action.input.safeParse(nonsense).success, JSON.stringify(nonsense)).toBe(false);
    }
    const given = new Set([...setByMerging, ...inputs.flatMap((input) => Object.keys(input))]);
    const notGiven = fieldsOf(action).filter((name) => !given.has(name));
    expect(notGiven, 'fields that no input of the recipe gives').toEqual([]);
  });

  test('delivers nothing without any one of the required fields', async () => {
    await rig.begin(recipe);
    for (const name of Object.keys(required)) {
      const input = without(required, name);
      if (!action.input.safeParse(input).success) continue;
      const { outcomes } = await rig.deliver(action, recipe, [input]);
      expect(
        outcomes.map(({ kind }) => kind),
        `without ${name}`,
      ).not.toEqual(['delivered']);
    }
  });

  test('keeps the order of what belongs together, and holds up nothing else', () => {
    for (const input of inputs) {
      const key = action.orderKey(action.input.parse(input));
      expect(key).not.toBe('');
      expect(action.orderKey(action.input.parse(structuredClone(input)))).toBe(key);
    }
    const some = many === undefined ? [required] : [0, 1, 2].map((index) => many(index));
    const keys = new Set(some.map((input) => action.orderKey(action.input.parse(input))));
    expect(keys.size, 'inputs of a batch are of different records').toBe(some.length);
    expect(maxItems).toBeGreaterThanOrEqual(1);
  });

  test.each(present(action.once))('knows by a key what it must not send twice', (once) => {
    const parsed = action.options.parse(options);
    const keyOf = (input: unknown): string | undefined => once(action.input.parse(input), parsed);
    for (const input of inputs) {
      expect(keyOf(structuredClone(input))).toBe(keyOf(input));
      expect(keyOf(input)).not.toBe('');
    }
    const some = many === undefined ? [required] : [0, 1, 2].map((index) => many(index));
    expect(new Set(some.map(keyOf)).size, 'inputs of a batch have keys of their own').toBe(some.length);
  });

  test('is tested with batches if it sends any', () => {
    const needs = maxItems > 1 ? ['many', 'partial'] : [];
    const { partial } = recipe;
    expect(needs.filter((name) => (name === 'many' ? many : partial) === undefined)).toEqual([]);
    expect(partial, 'a batch of which the vendor takes a part').not.toEqual([]);
  });
}

/** The names of an object's fields; none for inputs that are no plain object. */
function fieldsOf({ input }: AnyAction): readonly string[] {
  return input instanceof z.ZodObject ? Object.keys(input.shape) : [];
}
