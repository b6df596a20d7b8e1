/** What can be said of a connector without sending anything. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { secretFields } from '../../../src/kit/index.ts';
import type { AnyAction, AnyConnector } from '../../../src/kit/index.ts';
import type { ActionRecipe, ConnectorRecipe } from './recipe.ts';

// Nothing listens there: RFC 2606.
const ELSEWHERE = 'https://vendor.invalid';

// The engine redacts from four characters on; a sentinel that could stand anywhere by chance would prove nothing.
const SENTINEL_CHARACTERS_MIN = 12;

export function describeDefinition<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  connector: AnyConnector,
  recipe: ConnectorRecipe<State, Seed, Limits>,
): void {
  describe('its definition', () => {
    test('is whole: ids, titles, summaries, sources', () => {
      const { id, title, actions, presets, http } = connector;
      expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(title).not.toBe('');
      expect(recipe.emulator.id, 'the emulator has the id of the connector').toBe(id);
      expect(Object.values(actions).map((action) => action.id)).toEqual(Object.keys(actions));
      for (const one of [...Object.values(actions), ...presets]) {
        expect([one.id, one.title, one.summary]).not.toContain('');
      }
      for (const { source } of http.failures)
        expect(source, 'a row says where it is documented').not.toBe('');
    });

    test('has presets that name actions of its own and fit them', () => {
      for (const preset of connector.presets) {
        expect(preset.id).toMatch(new RegExp(`^${connector.id}/[a-z0-9-]+$`));
        expect(connector.actions[preset.action.id]).toBe(preset.action);
        expect(preset.action.options.safeParse(preset.options).error, preset.id).toBeUndefined();
        expect(preset.when.types, `${preset.id} is for some type of event`).not.toEqual([]);
      }
    });

    test('takes its settings, and names each one that is missing', () => {
      const whole = recipe.settings(ELSEWHERE);
      const parsed: unknown = connector.settings.parse(whole);
      expect(connector.http.baseUrl(parsed)).toMatch(/^https:\/\//);
      for (const name of Object.keys(whole)) {
        const { error } = connector.settings.safeParse(without(whole, name));
        const paths = error?.issues.map(({ path }) => path[0]) ?? [name];
        expect(paths, `the refusal of settings without ${name} names it`).toContain(name);
      }
      for (const name of secretFields(connector.settings)) {
        const blank = connector.settings.safeParse({ ...whole, [name]: ' ' });
        expect(blank.success, `a blank ${name} is refused`).toBe(false);
        const given = whole[name];
        if (typeof given === 'string')
          expect(given.length, name).toBeGreaterThanOrEqual(SENTINEL_CHARACTERS_MIN);
      }
      for (const limit of connector.http.limits(parsed)) {
        expect(limit.source, `the limit ${limit.name} says where it is documented`).not.toBe('');
        expect(Math.min(limit.calls, limit.perMs)).toBeGreaterThan(0);
      }
    });

    test.each(Object.values(connector.actions))(
      '$id takes required and full inputs, and nothing less',
      (action) => {
        const { required, full, more = [], options = {} } = recipeOf(recipe.inputs, action.id);
        const inputs = [required, full, ...more];
        for (const input of inputs) expect(action.input.safeParse(input).error).toBeUndefined();
        for (const name of Object.keys(required)) {
          const isTaken = action.input.safeParse(without(required, name)).success;
          expect(isTaken, `an input without ${name} is refused, as it is required`).toBe(false);
        }
        for (const nonsense of [undefined, null, 'text', 1, []]) {
          expect(action.input.safeParse(nonsense).success, JSON.stringify(nonsense)).toBe(false);
        }
        const given = new Set(inputs.flatMap((input) => Object.keys(input)));
        expect(
          fieldsOf(action).filter((name) => !given.has(name)),
          'fields that no input of the recipe gives',
        ).toEqual([]);
        expect(action.options.safeParse(options).error).toBeUndefined();
      },
    );

    test.each(Object.values(connector.actions))('$id keeps the order of what belongs together', (action) => {
      const { required, full, more = [], many } = recipeOf(recipe.inputs, action.id);
      for (const input of [required, full, ...more]) {
        const key = action.orderKey(action.input.parse(input));
        expect(key).not.toBe('');
        expect(action.orderKey(action.input.parse(structuredClone(input)))).toBe(key);
      }
      expect(action.batch.maxItems).toBeGreaterThanOrEqual(1);
      if (action.batch.maxItems === 1) return;
      expect(many, `${action.id} sends batches: give \`many\``).toBeDefined();
      const keys = [0, 1, 2].map((index) => action.orderKey(action.input.parse(many?.(index))));
      expect(new Set(keys).size, 'inputs of a batch are of different records').toBe(keys.length);
    });

    test('has a README that names every setting and preset, and its emulator has one', () => {
      const readme = readText(`src/connectors/${connector.id}/README.md`);
      // The preset that completes a source's events runs by itself: nobody names it.
      const presets = connector.presets.map(({ id }) => id).filter((id) => id !== connector.source?.resolve);
      const names = [...Object.keys(connector.settings.shape), ...presets];
      const isNamed = (name: string): boolean =>
        readme.includes(`\`${name}\``) || readme.includes(`${name}:`);
      expect(names.filter((name) => !isNamed(name))).toEqual([]);
      expect(readText(`emulators/${connector.id}/README.md`)).toMatch(/^# /);
    });
  });
}

function recipeOf<Emulator>(
  inputs: Readonly<Record<string, ActionRecipe<Emulator>>>,
  id: string,
): ActionRecipe<Emulator> {
  const found = inputs[id];
  if (found === undefined) throw new TypeError(`The recipe has no inputs for the action ${id}.`);
  return found;
}

function without(given: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));
}

/** The names of an object's fields; none for inputs that are no plain object. */
function fieldsOf({ input }: AnyAction): readonly string[] {
  return input instanceof z.ZodObject ? Object.keys(input.shape) : [];
}

function readText(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}
