/** The failures table: every row is reached through the emulator, and what no row names follows the default. */
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { RunningEmulator } from '../../../emulators/core/index.ts';
import type { AnyConnector } from '../../../src/kit/index.ts';
import type { ConnectorRecipe, FailureRecipe, FaultInput } from './recipe.ts';
import type { Rig } from './rig.ts';

export function describeFailures<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  connector: AnyConnector,
  recipe: ConnectorRecipe<State, Seed, Limits>,
  rig: Rig<RunningEmulator<State, Seed, Limits>>,
): void {
  const rows = connector.http.failures;
  const recipes = recipe.failures ?? [];

  async function fail({
    action: id,
    input,
    fault,
    arrange,
  }: Omit<FailureRecipe<typeof rig.emulator>, 'row'>) {
    const action = connector.actions[id ?? Object.keys(connector.actions)[0] ?? ''];
    const ofAction = action === undefined ? undefined : recipe.inputs[action.id];
    if (action === undefined || ofAction === undefined)
      throw new TypeError(`No recipe for the action ${id ?? ''}.`);
    await rig.begin(ofAction);
    arrange?.(rig.emulator);
    if (fault !== undefined) rig.emulator.admin.addFault(fault);
    const { outcomes, bugs } = await rig.deliver(action, ofAction, [input ?? ofAction.required]);
    expect(bugs).toEqual([]);
    expect(outcomes).toHaveLength(1);
    return outcomes[0];
  }

  describe('its failures', () => {
    test('have a recipe for every row of the table', () => {
      expect(recipes.map(({ row }) => row)).toHaveLength(rows.length);
    });

    test.each(recipes.map((one, index) => [one.row, index, one] as const))(
      '%s is met by row %i',
      async (_row, index, one) => {
        const outcome = await fail(one);
        expect(rig.decidingRow, 'the row that decided').toBe(index);
        expect(outcome?.kind).toBe(rows[index]?.verdict);
        if (one.waitMs !== undefined) expect(outcome).toMatchObject({ waitMs: one.waitMs });
      },
    );

    test.each<[string, FaultInput]>([
      ['a connection that is cut', { reset: true }],
      ['a vendor that is down', { unavailable: true }],
      ['an error of the vendor', { status: 500, body: 'Internal Server Error' }],
      ['a gateway without its server', { status: 502, body: '<html>Bad gateway</html>' }],
    ])('%s costs no input', async (_what, fault) => {
      const outcome = await fail({ fault });
      expect(['retry', 'deferred']).toContain(outcome?.kind);
    });

    test('too many calls wait for as long as the vendor says', async () => {
      const outcome = await fail({ fault: { status: 429, headers: { 'retry-after': '37' } } });
      expect(outcome).toMatchObject({ kind: 'deferred', waitMs: 37_000 });
    });

    test('credentials that are refused suspend the connection and cost no input', async () => {
      expect(await fail({ fault: { status: 401 } })).toMatchObject({ kind: 'suspended' });
    });
  });
}
