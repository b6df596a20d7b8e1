import { expect, test } from 'vitest';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { connectionsOf } from '../flows/make-connection.ts';
import { makeRegistry } from '../flows/registry.ts';
import type { Connection } from '../flows/workspace.ts';
import type { LoggedEvent } from '../kernel/event.ts';
import type { JsonObject } from '../kernel/json.ts';
import { explainMatch } from './explain-match.ts';
import { matchEvent } from './match.ts';

const PAID = {
  all: [
    { path: 'value', at_least: 5 },
    { path: 'day', within_last: '7 days' },
  ],
};
const at = '2026-11-21T12:00:00.000Z';

function aConnection(when = PAID): Connection {
  const [connection] = connectionsOf(
    {
      name: 'acme',
      sources: [],
      connections: [
        {
          name: 'vendor',
          connector: 'test',
          settings: { base_url: 'http://x' },
          secrets: { access_token: 'x' },
        },
      ],
      flows: [
        { name: 'preset', preset: 'test/put', from: 'site', to: 'vendor', when, options: {} },
        {
          name: 'own',
          action: 'test/tell',
          from: 'site',
          to: 'vendor',
          when,
          map: { key: 'a', values: [] },
          options: {},
        },
      ],
    },
    makeRegistry([makeTestConnector()]),
  );
  if (connection === undefined) throw new Error('The definition has a connection.');
  return connection;
}

function anEvent(payload: JsonObject): LoggedEvent {
  const event = {
    id: 'e',
    source: 'site',
    type: 'identify',
    name: null,
    personKey: 'a',
    position: 1,
  } as const;
  return { ...event, occurredAt: at, receivedAt: at, payload: { key: 'a', ...payload } };
}

test("a condition narrows the events of a preset and of a flow of one's own", () => {
  const matched = (payload: JsonObject) =>
    matchEvent(anEvent(payload), aConnection()).map(({ flow }) => flow.name);
  expect(matched({ value: 5, day: '2026-11-20' })).toEqual(['preset', 'own']);
  expect(matched({ value: 4, day: '2026-11-20' })).toEqual([]);
});

test('spans count from the receipt of the event, so that a replay decides as it was decided then', () => {
  const old = { ...anEvent({ value: 5, day: '2016-11-20' }), receivedAt: '2016-11-21T12:00:00.000Z' };
  expect(matchEvent(old, aConnection())).toHaveLength(2);
});

test('the very condition that fails is named with the kind of value, and not with the value', () => {
  const event = anEvent({ value: 'four or so', day: '2026-11-20' });
  expect([...explainMatch(event, aConnection()).values()]).toEqual(
    Array.from({ length: 2 }, () => ({
      decision: 'not matched',
      reason: 'Its condition does not hold: all[0]: value at_least 5 (found text).',
    })),
  );
});
