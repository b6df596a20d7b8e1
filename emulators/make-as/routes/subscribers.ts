import { z } from 'zod';
import { empty, json } from '../../core/index.ts';
import type { EmulatorRequest, Reply } from '../../core/index.ts';
import { call, oneOf, writeOrders } from '../caller.ts';
import type { MakeAsRoute } from '../caller.ts';
import { parse, refuseCall, refuseFields } from '../refusal.ts';
import { STATUSES } from '../shapes.ts';
import type { Subscriber, SubscriberRow } from '../shapes.ts';
import { statusOf } from '../state.ts';
import type { MakeAsState } from '../state.ts';
import { judgeRow, shown, upsert, write } from '../write-subscriber.ts';

const text = z.string().trim().min(1);

/** One subscriber at a time: written, read, found, taken out. */
export const subscriberRoutes: readonly MakeAsRoute[] = [
  call('POST', '/subscribers', (request, state) => {
    const orders = writeOrders(request, state, true);
    const { subscriber, isNew } = upsert(soundRow(request, state), orders, state);
    return json(isNew ? 201 : 200, shown(subscriber));
  }),
  call('GET', '/subscribers/by_list', byList),
  call('POST', '/subscribers/by_email', (request, state) => {
    const { email } = parse(z.strictObject({ email: text }), request.json());
    return found(state.findByEmail(email));
  }),
  call('POST', '/subscribers/by_phone', (request, state) => {
    const { phone } = parse(z.strictObject({ phone: text }), request.json());
    return found(state.findByPhone(phone));
  }),
  call('POST', '/subscribers/unsubscribe_email', (request, state) => {
    const { email } = parse(z.strictObject({ email: text }), request.json());
    return unsubscribe(state.findByEmail(email), 'email');
  }),
  call('POST', '/subscribers/unsubscribe_phone', (request, state) => {
    const { phone } = parse(z.strictObject({ phone: text }), request.json());
    return unsubscribe(state.findByPhone(phone), 'phone');
  }),
  call('GET', '/subscribers/:id', (request, state) =>
    json(200, shown(state.subscriber(request.param('id')))),
  ),
  call('PATCH', '/subscribers/:id', (request, state) => {
    const orders = writeOrders(request, state, false);
    const subscriber = state.subscriber(request.param('id'));
    write(subscriber, soundRow(request, state), orders, state);
    return json(200, shown(subscriber));
  }),
  call('DELETE', '/subscribers/:id', (request, state) => {
    state.removeSubscriber(state.subscriber(request.param('id')));
    return empty(204);
  }),
  call('POST', '/subscribers/:id/unsubscribe_email', (request, state) =>
    unsubscribe(state.subscriber(request.param('id')), 'email'),
  ),
  call('POST', '/subscribers/:id/unsubscribe_phone', (request, state) =>
    unsubscribe(state.subscriber(request.param('id')), 'phone'),
  ),
  call('GET', '/subscribers/:id/subscriberlists', (request, state) =>
    json(
      200,
      state.subscriber(request.param('id')).lists.map((id) => state.list(id)),
    ),
  ),
  call('POST', '/subscribers/:id/subscriberlists', (request, state) => {
    const subscriber = state.subscriber(request.param('id'));
    const { list_id: listId } = parse(z.strictObject({ list_id: z.union([text, z.int()]) }), request.json());
    const { id } = state.list(String(listId));
    subscriber.lists = [...new Set([...subscriber.lists, id])];
    return json(200, shown(subscriber));
  }),
  call('DELETE', '/subscribers/:id/subscriberlists/:list', (request, state) => {
    const subscriber = state.subscriber(request.param('id'));
    subscriber.lists = subscriber.lists.filter((id) => id !== request.param('list'));
    return empty(204);
  }),
];

function soundRow(request: EmulatorRequest, state: MakeAsState): SubscriberRow {
  const judged = judgeRow(request.json(), state);
  return judged.ok ? judged.row : refuseFields(judged.errors);
}

function found(subscriber: Subscriber | undefined): Reply {
  return subscriber === undefined ? refuseCall(404, 'Subscriber not found.') : json(200, shown(subscriber));
}

function unsubscribe(subscriber: Subscriber | undefined, channel: 'email' | 'phone'): Reply {
  if (subscriber === undefined) return refuseCall(404, 'Subscriber not found.');
  subscriber[`${channel}_status`] = 'unsubscribed';
  return json(200, shown(subscriber));
}

// "per_page (<= 1000)"; the size of a page without it is assumed.
const PER_PAGE_MAX = 1000;
const PER_PAGE_DEFAULT = 100;

function byList({ query }: EmulatorRequest, state: MakeAsState): Reply {
  const { id } = state.list(query.get('list_id') ?? '');
  const status = oneOf(query, 'status', STATUSES);
  const statusMobile = oneOf(query, 'status_mobile', STATUSES);
  const updatedAfter = query.get('updated_after') ?? '';
  const perPage = wholeNumber(query, 'per_page', PER_PAGE_DEFAULT, PER_PAGE_MAX);
  const page = wholeNumber(query, 'page', 1, Number.MAX_SAFE_INTEGER);
  const members = [...state.subscribers.values()].filter(
    (subscriber) =>
      subscriber.lists.includes(id) &&
      (status === undefined || statusOf(subscriber, 'email') === status) &&
      (statusMobile === undefined || statusOf(subscriber, 'phone') === statusMobile) &&
      subscriber.date_updated > updatedAfter,
  );
  return json(200, members.slice((page - 1) * perPage, page * perPage).map(shown));
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const given = query.get(name);
  const value = given === null ? fallback : Number(given);
  return Number.isInteger(value) && value >= 1 && value <= max
    ? value
    : refuseCall(422, `The ${name} is invalid.`);
}
