import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../kernel/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { takeSnapshot } from './actions/take-snapshot.ts';
import { resolve } from './presets/resolve.ts';

const AT = '2025-11-10T12:00:00.000Z';

function anEvent(payload: JsonObject): LoggedEvent {
  const name = 'contract.1#update';
  return {
    position: 1,
    id: 'e1',
    source: 'paper',
    type: 'subscriber',
    name,
    personKey: 'user_456',
    occurredAt: AT,
    receivedAt: AT,
    payload: { eventType: name, userId: 'user_456', occured_at: AT, ...payload },
  };
}

function take(payload: JsonObject) {
  const mapped = resolve.map(anEvent(payload), {});
  if (mapped.kind !== 'input') return mapped;
  const cache = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const context = { settings: {}, options: {}, cache, nowMs: Date.parse(AT) };
  const end = takeSnapshot.deliver([{ input: mapped.input, traceId: '1', attempt: 1 }], context).next();
  return end.done === true ? end.value[0] : end.value;
}

test('a snapshot becomes subscriber.changed without a call', () => {
  expect(take({ snapshot: { person: { userId: 'user_456', email: 'asa@example.com' } } })).toMatchObject({
    kind: 'delivered',
    emit: [{ type: 'subscriber.changed', payload: { snapshot: { person: { email: 'asa@example.com' } } } }],
  });
});

test('an event without a snapshot is skipped with the way out', () => {
  expect(take({})).toMatchObject({ kind: 'skip', reason: expect.stringContaining('"snapshot"') as string });
});

test('a confirmed checkout is a purchase when the snapshot holds it, and a note when it does not', () => {
  const confirm = (checkouts: JsonObject[]) =>
    take({
      eventType: 'checkout.1#confirm',
      checkoutId: 'checkout_345',
      snapshot: { person: { userId: 'user_456' }, checkouts },
    });
  expect(confirm([{ id: 'checkout_345' }])).toMatchObject({
    emit: [{ type: 'subscriber.changed' }, { type: 'checkout.confirmed' }],
  });
  expect(confirm([])).toMatchObject({
    emit: [{ type: 'subscriber.changed' }],
    notes: [expect.stringContaining('checkout_345')],
  });
});
