import { expect, test } from 'vitest';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { LoggedEvent } from '../kernel/event.ts';
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import type { Mapped } from '../kit/index.ts';
import { connectionsOf } from './make-connection.ts';
import { makeRegistry } from './registry.ts';
import type { FlowDefinition, WorkspaceDefinition } from './workspace.ts';

const registry = makeRegistry([makeTestConnector()]);

const OWN: FlowDefinition = {
  name: 'own',
  action: 'test/put',
  from: 'site',
  to: 'vendor',
  map: { key: { $path: 'userId' }, values: [{ $number: { $path: 'properties.total' } }] },
  options: {},
};

function definition(flow: Partial<FlowDefinition> = {}): WorkspaceDefinition {
  return {
    name: 'acme',
    sources: [],
    connections: [
      {
        name: 'vendor',
        connector: 'test',
        settings: { base_url: 'http://127.0.0.1' },
        secrets: { access_token: 'x' },
      },
    ],
    flows: [{ ...OWN, ...flow }],
  };
}

function mapped(payload: JsonObject, map?: JsonValue): Mapped<unknown> {
  const [connection] = connectionsOf(definition(map === undefined ? {} : { map }), registry);
  const flow = connection?.flows[0];
  if (flow === undefined) throw new Error('The definition has a flow.');
  return flow.preset.map(anEvent(payload), flow.options);
}

function anEvent(payload: JsonObject): LoggedEvent {
  const at = '2026-11-21T12:00:00.000Z';
  const event = {
    id: 'm1',
    source: 'site',
    type: 'track',
    name: 'Read',
    personKey: 'a',
    position: 1,
  } as const;
  return { ...event, occurredAt: at, receivedAt: at, payload };
}

test('the mapping makes the input, and what was left out is noted', () => {
  expect(mapped({ userId: 'a', properties: { total: '5' } })).toEqual({
    kind: 'input',
    input: { key: 'a', values: [5] },
    notes: [],
  });
  expect(mapped({ userId: 'a', properties: { total: 'x' } })).toMatchObject({
    kind: 'input',
    input: { key: 'a', values: [] },
    notes: ['values[0]: the value is no number and was left out.'],
  });
});

test('it sees what Linchpin knows of the event beside the payload', () => {
  const map = {
    key: { $template: '{{type}} {{event}} {{messageId}} {{source}} {{receivedAt}}' },
    values: [],
  };
  expect(mapped({ type: 'overwritten' }, map)).toMatchObject({
    input: { key: 'track Read m1 site 2026-11-21T12:00:00.000Z' },
  });
});

test('an input that the action does not take fails, names the fields, and no values', () => {
  const map = { key: { $path: 'secret' }, values: 'secret' };
  expect(mapped({ secret: 5 }, map)).toEqual({
    kind: 'failed',
    fault: {
      code: 'delivery.input_invalid',
      message:
        'The mapping made an input that put does not take: key: Invalid input: expected string, received number; values: Invalid input: expected array, received string.',
    },
  });
});

test('a directive that cannot go on fails with its place, and one that finds nothing skips the event', () => {
  const failing = { key: { $number: { value: 'x', invalid: 'fail' } }, values: [] };
  expect(mapped({}, failing)).toEqual({
    kind: 'failed',
    fault: {
      code: 'delivery.mapping_failed',
      message: 'The mapping failed at key.$number: The value is no number.',
    },
  });
  expect(mapped({}, { $path: 'nothing' })).toMatchObject({ kind: 'skip' });
});

test('what a store holds of another version is named, and not run', () => {
  for (const [flow, code] of [
    [{ action: 'test/none' }, 'config.unknown_action'],
    [{ map: { $none: 1 } }, 'config.mapping_invalid'],
    [{ when: { path: 'a', none: 1 } }, 'config.condition_invalid'],
  ] as const) {
    expect(() => connectionsOf(definition(flow), registry)).toThrow(
      expect.objectContaining({ code, field: 'own' }),
    );
  }
});

test('a connection has another revision when the condition or the mapping of a flow changes', () => {
  const revision = (flow: Partial<FlowDefinition>) => connectionsOf(definition(flow), registry)[0]?.revision;
  const revisions = [{}, { map: { key: 'a', values: [] } }, { when: { path: 'a', exists: true } }].map(
    revision,
  );
  expect(new Set(revisions).size).toBe(3);
});
