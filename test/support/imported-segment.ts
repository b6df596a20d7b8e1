/** Segment's mappings imported as flows, and what those make of an event. */
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import { importSegment } from '../../src/connectors/hubspot/segment-actions/import-segment.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { ImportedFlow } from '../../src/kit/index.ts';
import { evaluate, parseCondition, parseMapping } from '../../src/mapping/index.ts';

export const at = (path: string): JsonObject => ({ '@path': path });

export function imported(action: string, settings: JsonObject, trigger = 'type = "track"') {
  const result = importSegment({
    data: { subscriptions: [{ name: 'Mine', actionSlug: action, trigger, settings }] },
  });
  if (result === undefined) throw new Error('Nothing was read.');
  return result;
}

/** What a flow makes of an event, checked by its action as linchpin.yaml is; nothing when it is not for the event. */
export function run({ when, map, action, options }: ImportedFlow, event: JsonObject): unknown {
  const condition = parseCondition(when);
  const mapping = parseMapping(map);
  if (!condition.ok || !mapping.ok) throw new Error(JSON.stringify([condition, mapping]));
  const { input, options: optionsSchema } = hubspot.actions[action.replace('hubspot/', '')] ?? {};
  optionsSchema?.parse(options);
  if (!evaluate(condition.value, event, 0)) return undefined;
  const result = mapping.value.evaluate(event, 0);
  if (result.kind === 'fault') throw new Error(result.message);
  return result.value === undefined ? undefined : input?.parse(result.value);
}

export const first = (flows: readonly ImportedFlow[]): ImportedFlow => {
  const [flow] = flows;
  if (flow === undefined) throw new Error('There is no flow.');
  return flow;
};
