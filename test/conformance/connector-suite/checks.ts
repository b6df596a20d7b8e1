/** `linchpin connectors test`: it finds a sound connection sound, and says what is wrong with another. */
import { expect, test } from 'vitest';
import type { AnyConnector, FlowUse } from '../../../src/kit/index.ts';
import { drive, RecordClaims } from '../../../src/outbound/index.ts';
import { flowOf } from './engine-parts.ts';
import type { ActionRecipe, AnEmulator, FaultInput } from './recipe.ts';
import type { Rig } from './rig.ts';

export function describeChecks<Emulator extends AnEmulator>(
  connector: AnyConnector,
  recipes: Readonly<Record<string, ActionRecipe<Emulator>>>,
  rig: Rig<Emulator>,
): void {
  /** A flow of each preset and of each action, as an operator may write them. */
  const flows: readonly FlowUse[] = [
    ...connector.presets.map((preset) => ({ preset, options: preset.action.options.parse(preset.options) })),
    ...Object.values(connector.actions).map((action) => flowOf(action, recipes[action.id]?.options)),
  ];

  async function runChecks(): Promise<readonly boolean[]> {
    const found: boolean[] = [];
    for (const { run, title } of connector.checks) {
      const driven = await drive(run({ settings: rig.settings, flows }), {
        client: rig.client,
        claims: new RecordClaims(),
        signal: new AbortController().signal,
        onExchange: (exchange) => rig.see(`an exchange of the check ${title}`, exchange),
      });
      rig.see(`the check ${title}`, driven);
      if (driven.kind === 'returned') {
        for (const { ok, text } of driven.result) {
          expect(text).not.toBe('');
          found.push(ok);
        }
      } else found.push(false);
    }
    return found;
  }

  test('its checks pass for a sound connection, and there is one', async () => {
    const found = await runChecks();
    expect(found).not.toEqual([]);
    expect(found).not.toContain(false);
  });

  test.each<[string, FaultInput]>([
    ['refused credentials', { status: 401 }],
    ['a vendor that cannot be reached', { reset: true }],
    ['the page of a proxy', { status: 502, body: '<html>Bad gateway</html>' }],
  ])('its checks tell %s', async (_what, fault) => {
    await runChecks();
    const asksNothing = rig.emulator.admin.countRequests() === 0;
    rig.emulator.admin.addFault(fault);
    const found = await runChecks();
    expect(asksNothing || found.includes(false)).toBe(true);
  });
}
