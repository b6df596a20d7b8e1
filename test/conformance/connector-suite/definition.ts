/** What can be said of a connector without sending anything. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { connectors } from '../../../src/connectors/registry.ts';
import { makeRegistry } from '../../../src/flows/registry.ts';
import { parseConfiguration } from '../../../src/ops/config/index.ts';
import { secretFields } from '../../../src/kit/index.ts';
import type { AnyConnector } from '../../../src/kit/index.ts';
import { without } from './recipe.ts';
import type { ConnectorRecipe } from './recipe.ts';

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
        expect(Object.keys(connector.actions)).toContain(preset.action.id);
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

    test('has examples in its README that are right', () => {
      const registry = makeRegistry(connectors);
      const examples = examplesIn(readText(`src/connectors/${connector.id}/README.md`));
      expect(examples).not.toEqual([]);
      for (const text of examples) {
        const lookUp = (name: string): string => valueOf(name, recipe.settings(ELSEWHERE));
        expect(() => parseConfiguration(text, { file: 'README.md', registry, lookUp })).not.toThrow();
      }
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

/** The configurations in a README, made whole where they leave out what they do not tell of. */
function examplesIn(readme: string): readonly string[] {
  return [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text = '']) => text)
    .filter((text) => /^(connections|sources):/m.test(text))
    .map((text) => {
      const missing = Object.entries(REST).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(text));
      return `${text}\n${missing.map(([key, value]) => `${key}: ${value}\n`).join('')}`;
    });
}

const REST = {
  workspace: 'paper',
  sources: '{ sesamy: { type: sesamy, token: t, client_id: c, client_secret: s } }',
};

/** What stands in the environment: the setting whose name the variable ends with, as `ACME_API_KEY` does. */
function valueOf(variable: string, settings: Readonly<Record<string, unknown>>): string {
  const found = Object.entries(settings).find(([name]) => variable.endsWith(name.toUpperCase()));
  return typeof found?.[1] === 'string' ? found[1] : `value of ${variable}`;
}

function readText(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}
