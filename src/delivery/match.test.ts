import { expect, test } from 'vitest';
import { aPayload, makeTestConnector } from '../../test/support/test-connector.ts';
import { DEFAULT_DELIVERY } from '../flows/workspace.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import type { LoggedEvent } from '../kernel/event.ts';
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import type { AnyPreset } from '../kit/index.ts';
import { matchEvent } from './match.ts';

const connector = makeTestConnector();
const [put] = connector.presets as readonly [AnyPreset];

function aFlow(more: Partial<Flow> = {}): Flow {
  return { name: 'put', preset: put, source: 'site', options: {}, ...more };
}

function aConnection(flows: readonly Flow[] = [aFlow()]): Connection {
  return {
    workspaceId: 1,
    name: 'vendor',
    revision: '1',
    workspace: 'acme',
    allowsPrivateAddresses: true,
    connector,
    delivery: DEFAULT_DELIVERY,
    settings: {},
    suspended: null,
    flows,
  };
}

function anEvent(more: Partial<LoggedEvent> = {}, payload: JsonObject = {}): LoggedEvent {
  const at = '2026-11-21T12:00:00.000Z';
  return {
    position: 1,
    id: 'e',
    source: 'site',
    type: 'identify',
    name: null,
    personKey: 'a',
    occurredAt: at,
    receivedAt: at,
    payload: { ...aPayload('a', 1), ...payload },
    ...more,
  };
}

const kinds = (event: LoggedEvent, connection = aConnection()): string[] =>
  matchEvent(event, connection).map(({ mapped }) => mapped.kind);

// Segment: Spec, Common fields, "integrations" (2026-11).
test.each<[string, JsonValue, string]>([
  ['no object', 'yes', 'input'],
  ['an empty object', {}, 'input'],
  ['All true', { All: true }, 'input'],
  ['All false', { All: false }, 'skip'],
  ['all false in lower case', { all: false }, 'skip'],
  ['All false and the name true', { All: false, Test: true }, 'input'],
  ['All false and the name with options', { All: false, Test: { id: 1 } }, 'input'],
  ['the name false', { Test: false }, 'skip'],
  ['All true and the name false', { All: true, Test: false }, 'skip'],
  ['the name in another case', { test: false }, 'input'],
  ['another name false', { Other: false }, 'input'],
  ['All false and another name true', { All: false, Other: true }, 'skip'],
])('an integrations object with %s', (_, integrations, expected) => {
  expect(kinds(anEvent({}, { integrations }))).toEqual([expected]);
});

test.each<[string, Partial<LoggedEvent>, number]>([
  ['its source and type', {}, 1],
  ['another source', { source: 'shop' }, 0],
  ['another type', { type: 'track' }, 0],
])('a flow takes events of %s', (_, more, count) => {
  expect(kinds(anEvent(more))).toHaveLength(count);
});

test.each([
  ['a name that it names', 'Order Completed', 1],
  ['a name in another case', 'order completed', 0],
  ['no name', null, 0],
])('a flow with names and an event with %s', (_, name, count) => {
  const preset: AnyPreset = { ...put, when: { types: ['track'], names: ['Order Completed'] } };
  expect(kinds(anEvent({ type: 'track', name }), aConnection([aFlow({ preset })]))).toHaveLength(count);
});

test('every flow that an event is for makes its own input', () => {
  expect(kinds(anEvent(), aConnection([aFlow(), aFlow({ name: 'second' })]))).toEqual(['input', 'input']);
});

test('a mapping or an order key that throws is told as failed', () => {
  const orderKey = (): string => {
    throw new TypeError('no key');
  };
  const preset: AnyPreset = { ...put, action: { ...put.action, orderKey } };
  expect(kinds(anEvent({}, { map: 'throw' }))).toEqual(['failed']);
  expect(kinds(anEvent(), aConnection([aFlow({ preset })]))).toEqual(['failed']);
});
