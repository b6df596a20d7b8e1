/**
 * What mapping costs per event, in CPU time and with nothing around it: the presets that most events take, a flow of
 * one's own, its condition, and a formula. One thread; every event is one that no mapping has seen before.
 */
import type { EventType, LoggedEvent } from '../../src/kernel/event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { AnyPreset } from '../../src/kit/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import { documentOf, evaluate, parseCondition, parseMapping } from '../../src/mapping/index.ts';
import type { Parsed } from '../../src/mapping/index.ts';
import { identifyCall, isQuick, median, report, rounded } from './measure.ts';

const EVENTS = isQuick() ? 4_000 : 20_000;
const ROUNDS = 7;

const CONDITION = parsed(
  parseCondition({
    all: [
      { path: 'event', equals: 'Order Completed' },
      { path: 'properties.total', at_least: 10 },
      {
        any: [
          { path: 'properties.currency', equals_any_of: ['SEK', 'EUR'] },
          { path: 'context.locale', starts_with: 'sv' },
        ],
      },
    ],
  }),
);
const OWN_MAPPING = parsed(
  parseMapping({
    email: { $email: { $path: 'properties.email' } },
    properties: {
      last_order_id: { $path: 'properties.order_id' },
      last_order_total: { $number: { $path: 'properties.total' } },
      last_order_at: { $date: { $path: 'timestamp' } },
      last_order_text: { $template: '{{properties.total}} {{properties.currency}}' },
      language: { $lower: { $path: 'context.locale' } },
      articles: { $each: { of: { $path: 'properties.products' }, as: { $path: 'sku' } } },
    },
  }),
);
const FORMULA = parsed(parseMapping({ total: { $formula: '$sum(properties.products.(price * quantity))' } }));

const identify = preset('hubspot/identify');
const track = preset('hubspot/track');
const identifyOptions = identify.action.options.parse(identify.options);
const trackOptions = track.action.options.parse(track.options);

report(
  'Mapping: CPU per event',
  {
    preset_identify_us: cost(anIdentify, (event) => identify.map(event, identifyOptions)),
    preset_track_us: cost(aTrack, (event) => track.map(event, trackOptions)),
    own_flow_us: cost(aTrack, (event) => OWN_MAPPING.evaluate(documentOf(event), 0)),
    condition_us: cost(aTrack, (event) => evaluate(CONDITION, documentOf(event), 0)),
    formula_us: cost(aTrack, (event) => FORMULA.evaluate(documentOf(event), 0)),
  },
  [
    `Median of ${String(ROUNDS)} rounds of ${String(EVENTS)} events each, after one that does not count. The flow of one's own fills seven fields; the formula sums two order lines.`,
  ],
);

function cost(makeEvent: (index: number) => LoggedEvent, run: (event: LoggedEvent) => unknown): number {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const events = Array.from({ length: EVENTS }, (_none, index) => makeEvent(index));
    const before = process.cpuUsage();
    for (const event of events) run(event);
    const { user, system } = process.cpuUsage(before);
    if (round > 0) rounds.push((user + system) / EVENTS);
  }
  return rounded(median(rounds), 2);
}

function anIdentify(index: number): LoggedEvent {
  return anEvent('identify', null, identifyCall(index, 'mapping'), index);
}

function aTrack(index: number): LoggedEvent {
  const properties = {
    email: ` Person.${String(index)}@Example.com`,
    order_id: `o-${String(index)}`,
    total: '129.5',
    currency: 'SEK',
    products: [
      { sku: 'mag-001', price: 99.5, quantity: 1 },
      { sku: 'mag-002', price: 15, quantity: 2 },
    ],
  };
  return anEvent('track', 'Order Completed', { ...identifyCall(index, 'mapping'), properties }, index);
}

function anEvent(
  type: EventType,
  name: string | null,
  call: Record<string, unknown>,
  index: number,
): LoggedEvent {
  const at = '2026-11-21T12:00:00.000Z';
  // Through JSON, as events come from the log.
  const payload = JSON.parse(JSON.stringify(call)) as JsonObject;
  const id = `bench-${String(index)}`;
  return {
    id,
    source: 'site',
    type,
    name,
    personKey: id,
    occurredAt: at,
    receivedAt: at,
    payload,
    position: index,
  };
}

function preset(id: string): AnyPreset {
  const found = hubspot.presets.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no preset ${id}.`);
  return found;
}

function parsed<Value>(outcome: Parsed<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}
