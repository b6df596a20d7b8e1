/**
 * The tests that every connector gets for free. One call in `test/conformance/<id>.test.ts`:
 *
 *     describeConnector(acme, {
 *       emulator: acmeEmulator,
 *       settings: (url) => ({ base_url: url, api_key: 'sentinel-acme-key' }),
 *       inputs: { 'upsert-contact': { required: {…}, full: {…} } },
 *       failures: [{ row: 'a locked list', fault: { preset: 'locked' } }],
 *     });
 */
import { describe } from 'vitest';
import type { z } from 'zod';
import type { AnyConnector } from '../../src/kit/index.ts';
import { describeAnswers } from './connector-suite/answers.ts';
import { describeChecks } from './connector-suite/checks.ts';
import { describeDefinition } from './connector-suite/definition.ts';
import { describeDelivery } from './connector-suite/delivery.ts';
import { describeFailures } from './connector-suite/failures.ts';
import { describeInputs } from './connector-suite/inputs.ts';
import { describePresets } from './connector-suite/presets.ts';
import type { ConnectorRecipe } from './connector-suite/recipe.ts';
import { useRig } from './connector-suite/rig.ts';

export function describeConnector<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  connector: AnyConnector,
  recipe: ConnectorRecipe<State, Seed, Limits>,
): void {
  describe(`${connector.title}, as every connector`, () => {
    const rig = useRig(connector, recipe);
    describeDefinition(connector, recipe);
    describePresets(connector);
    describeChecks(connector, recipe.inputs, rig);
    for (const [id, action] of Object.entries(connector.actions)) {
      const ofAction = recipe.inputs[id];
      if (ofAction === undefined)
        throw new TypeError(`The recipe of ${connector.id} has no inputs for the action ${id}.`);
      describe(`${action.title} (${id})`, () => {
        describeInputs(action, ofAction, rig);
        describeDelivery(action, ofAction, rig);
        describeAnswers(action, ofAction, rig);
      });
    }
    describeFailures(connector, recipe, rig);
  });
}
