import { expect, test } from 'vitest';
import { aCache, driveSteps } from '../../../test/support/drive-steps.ts';
import type { LoggedEvent } from '../../kernel/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { isSubscriberEventType } from '../../subscribers/index.ts';
import { forwardEvent } from './actions/forward-event.ts';
import { post } from './actions/post.ts';
import { events, FORWARDED_EVENTS } from './presets/events.ts';
import { settingsSchema } from './settings.ts';

const settings = settingsSchema.parse({ url: 'https://hooks.example.com/in?from=linchpin' });

const PAYLOAD = {
  eventType: 'checkout.1#confirm',
  vendorId: 'vendor_123',
  userId: 'user_456',
  checkoutId: 'checkout_345',
  occured_at: '2025-11-10T12:00:00Z',
};

function anEvent(payload: JsonObject = PAYLOAD): LoggedEvent {
  return {
    position: 7,
    id: 'sub_1',
    source: 'sesamy',
    type: 'subscriber',
    name: 'checkout.1#confirm',
    personKey: 'user_456',
    occurredAt: '2025-11-10T12:00:00.000Z',
    receivedAt: '2025-11-10T12:00:01.000Z',
    payload,
  };
}

function forward(options: { readonly body?: 'raw' | 'standard_webhooks' } = {}, event = anEvent()) {
  const parsed = forwardEvent.options.parse(options);
  const mapped = events.map(event, parsed);
  if (mapped.kind !== 'input') throw new TypeError(mapped.kind);
  const input = forwardEvent.input.parse(mapped.input);
  const context = { settings, options: parsed, cache: aCache(), nowMs: 0 };
  const { result, calls } = driveSteps(
    forwardEvent.deliver([{ input, traceId: '7', attempt: 1 }], context),
    () => ({ status: 200, headers: {}, body: 'whatever' }),
  );
  return { outcome: result[0], call: calls[0], key: forwardEvent.orderKey(input) };
}

function send(given: object, traceId = '7', status = 204) {
  const input = post.input.parse(given);
  const context = { settings, options: {}, cache: aCache(), nowMs: 0 };
  const { result, calls } = driveSteps(post.deliver([{ input, traceId, attempt: 1 }], context), () => ({
    status,
    headers: { 'x-request-id': 'r1' },
    body: undefined,
  }));
  return { outcome: result[0], call: calls[0], key: post.orderKey(input) };
}

test('six of the eight events are forwarded', () => {
  expect(FORWARDED_EVENTS.filter((name) => isSubscriberEventType(name))).toHaveLength(6);
  expect(FORWARDED_EVENTS.join()).not.toContain('entitlement');
});

test("an event is sent as its sender wrote it, in the person's order, under the event's id", () => {
  const { outcome, call, key } = forward();
  expect(call).toEqual({
    kind: 'call',
    method: 'POST',
    path: '/in?from=linchpin',
    id: 'sub_1',
    headers: {},
    body: PAYLOAD,
  });
  expect(outcome).toEqual({ kind: 'delivered', remoteId: 'sub_1' });
  expect(key).toBe('user_456');
});

test('what a sender adds to an event goes along', () => {
  const payload = { ...PAYLOAD, snapshot: { person: { userId: 'user_456' } }, own: [1, null] };
  expect(forward({}, anEvent(payload)).call?.body).toEqual(payload);
});

test.each([
  ['checkout.1#confirm', 'checkout.1.confirm'],
  ['contract#cancelRequest', 'contract.cancelRequest'],
  ['Order Completed', 'Order_Completed'],
])('in the form of Standard Webhooks %s is of type %s', (name, type) => {
  const { call } = forward({ body: 'standard_webhooks' }, { ...anEvent(), name });
  expect(call?.body).toEqual({ type, timestamp: '2025-11-10T12:00:00.000Z', data: PAYLOAD });
});

test.each(['evt.1', 'ord\r\nX: y', 'å', 'x'.repeat(500)])(
  'the id %j, which no header can hold, becomes one that can, always the same',
  (id) => {
    const [first, second] = [forward({}, { ...anEvent(), id }), forward({}, { ...anEvent(), id })];
    expect(first.call?.id).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(second.call?.id).toBe(first.call?.id);
  },
);

test('a body above 256 KiB is refused before it is sent', () => {
  const payload = { ...PAYLOAD, text: 'å'.repeat(128 * 1024) };
  const { outcome, call } = forward({}, anEvent(payload));
  expect(call).toBeUndefined();
  expect(outcome).toMatchObject({ kind: 'rejected', fault: { code: 'webhook.body_too_large' } });
});

test('a request is sent as the mapping made it', () => {
  const { call, key } = send({
    method: 'PUT',
    path: '/orders/7',
    query: { dry: true },
    headers: { 'X-Brand': 'acme' },
    body: { total: 12 },
    id: 'order-7',
    key: 'user_456',
  });
  expect(call).toEqual({
    kind: 'call',
    method: 'PUT',
    path: '/in/orders/7?from=linchpin&dry=true',
    id: 'order-7',
    headers: { 'X-Brand': 'acme' },
    body: { total: 12 },
    accept: [403, 410],
  });
  expect(key).toBe('user_456');
});

test('text is sent as it is, under its own content type', () => {
  expect(send({ body: '<order/>', headers: { 'Content-Type': 'application/xml' } }).call).toMatchObject({
    text: '<order/>',
    headers: { 'Content-Type': 'application/xml' },
  });
  expect(send({ body: 'hello' }).call?.headers).toEqual({ 'content-type': 'text/plain;charset=utf-8' });
});

test('a request without a body has none', () => {
  const { call } = send({ method: 'GET' });
  expect(call).not.toHaveProperty('body');
  expect(call).not.toHaveProperty('text');
});

test('without an id a request keeps one over its attempts, and another event has another', () => {
  const [first, again, other] = [send({ body: 1 }), send({ body: 1 }), send({ body: 1 }, '8')];
  expect(again.call?.id).toBe(first.call?.id);
  expect(other.call?.id).not.toBe(first.call?.id);
});

test('a path that leads out of the address is refused before it is sent', () => {
  const { outcome, call } = send({ path: '/../admin' });
  expect(call).toBeUndefined();
  expect(outcome).toMatchObject({ kind: 'rejected', fault: { code: 'webhook.path_invalid' } });
});

test.each([403, 410])('a %i for a path that a mapping chose costs that input alone', (status) => {
  expect(send({ path: '/orders/7' }, '7', status).outcome).toEqual({
    kind: 'rejected',
    fault: {
      code: `webhook.http_${String(status)}`,
      message: expect.stringContaining('path of this input') as string,
      status,
      requestId: 'r1',
    },
  });
});

test('without a path of its own, what is refused stands for the connection', () => {
  expect(send({ body: 1 }).call).not.toHaveProperty('accept');
  expect(forward().call).not.toHaveProperty('accept');
});

test.each([
  [{ headers: { Host: 'internal' } }, 'headers.Host'],
  [{ headers: { 'X-Name': 'a\nb' } }, 'headers.X-Name'],
  [{ method: 'GET', body: {} }, 'body'],
])('the input %o is none', (input, field) => {
  const { error } = post.input.safeParse(input);
  expect(error?.issues[0]?.path.join('.')).toBe(field);
});
