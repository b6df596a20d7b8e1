import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { findListed, getSubscriber, guard, readBody } from '../guard.ts';
import type { Call } from '../guard.ts';
import { invalid, notFound, refuse } from '../problems.ts';
import type { RuleState } from '../state.ts';
import { readEmail, readPhone } from '../subscribers.ts';
import type { Status, Subscriber } from '../subscribers.ts';
import { addTags } from '../v2/write-subscribers.ts';
import { customFieldRoutes } from './custom-field-data.ts';

const STATUSES: readonly Status[] = ['ACTIVE', 'BLOCKED', 'PENDING'];
const AUTOMATIONS: readonly unknown[] = [undefined, 'send', 'force', 'reset'];
const LISTED_MAX = 1_000;

const on = (method: Route<RuleState>['method'], path: string, handle: (call: Call) => Reply) =>
  guard('v3', method, path, handle);

/** The third version of Rule's API, as far as subscribers, tags and custom fields go. */
export const v3Routes: readonly Route<RuleState>[] = [
  on('GET', '/sender/details', () => json(200, { data: { name: 'The Daily Emulator' } })),
  on('POST', '/subscribers', postSubscriber),
  // Before the routes with an identifier in the same place.
  on('POST', '/subscribers/tags', (call) => inBulk(call, changeTags(call, 'add'))),
  on('DELETE', '/subscribers/tags', (call) => inBulk(call, changeTags(call, 'remove'))),
  on('POST', '/subscribers/block', (call) =>
    inBulk(call, (subscriber) => {
      subscriber.status = 'BLOCKED';
    }),
  ),
  on('POST', '/subscribers/unblock', (call) =>
    inBulk(call, (subscriber) => {
      subscriber.status = 'ACTIVE';
    }),
  ),
  on('POST', '/suppressions', (call) => inBulk(call, suppress(call, 'add'))),
  on('DELETE', '/suppressions', (call) => inBulk(call, suppress(call, 'delete'))),
  on('DELETE', '/subscribers/:ident', (call) => {
    call.state.subscribers.remove(getSubscriber(call));
    return empty(204);
  }),
  on('PUT', '/subscribers/:ident/tags', (call) => {
    const subscriber = getSubscriber(call);
    const body = readBody(call, ['tags', 'automation', 'sync_subscriber']);
    const { tags, automation, sync_subscriber } = body;
    if (!AUTOMATIONS.includes(automation)) invalid('v3', 'automation', 'The automation is unknown.');
    addTags(subscriber, call.state.tags.take('v3', tags), automation);
    if (sync_subscriber !== false) subscriber.hasOldSegments = false;
    return empty(204);
  }),
  on('DELETE', '/subscribers/:ident/tags/:tag', (call) => {
    const subscriber = getSubscriber(call);
    const tag = call.state.tags.get('v3', call.request.param('tag'));
    if (!subscriber.tags.delete(tag)) return notFound('v3', 'tag of this subscriber');
    subscriber.hasOldSegments = true;
    return empty(204);
  }),
  ...customFieldRoutes,
];

function postSubscriber(call: Call): Reply {
  const { state } = call;
  const body = readBody(call, ['email', 'phone_number', 'custom_identifier', 'status', 'language']);
  const email = readEmail('v3', body['email']);
  const phone_number = readPhone('v3', body['phone_number']);
  const custom_identifier = body['custom_identifier'] ?? undefined;
  if (custom_identifier !== undefined && typeof custom_identifier !== 'string') {
    return invalid('v3', 'custom_identifier', 'The custom identifier must be text.');
  }
  const status = STATUSES.find((known) => known === (body['status'] ?? 'ACTIVE'));
  if (status === undefined) return invalid('v3', 'status', 'The status is unknown.');
  if ([email, phone_number, custom_identifier].every((one) => one === undefined)) {
    return invalid('v3', 'email', 'One of email, phone_number and custom_identifier is required.');
  }
  const identity = {
    ...(email === undefined ? {} : { email }),
    ...(phone_number === undefined ? {} : { phone_number }),
    ...(custom_identifier === undefined ? {} : { custom_identifier }),
  };
  const known =
    (email === undefined ? undefined : state.subscribers.find('email', email)) ??
    (phone_number === undefined ? undefined : state.subscribers.find('phone_number', phone_number)) ??
    (custom_identifier === undefined
      ? undefined
      : state.subscribers.find('custom_identifier', custom_identifier));
  if (known !== undefined && state.switches.v3Duplicate === 'update') {
    state.subscribers.identify(known, identity);
    return json(200, { data: show(known) });
  }
  if (known !== undefined) {
    return refuse(
      'v3',
      Number(state.switches.v3Duplicate),
      'DuplicateSubscriber',
      'The subscriber exists already.',
      state.switches.v3Duplicate === '422' ? { email: ['The email has already been taken.'] } : undefined,
    );
  }
  const made = state.subscribers.create(identity);
  made.status = status;
  if (typeof body['language'] === 'string') made.language = body['language'];
  return json(201, { data: show(made) });
}

function show(subscriber: Subscriber): Record<string, unknown> {
  const { id, email, phone_number, custom_identifier, status, language, created_at, updated_at } = subscriber;
  return {
    id,
    email,
    phone: phone_number,
    custom_identifier,
    account_id: 1,
    status,
    language,
    created_at,
    updated_at,
    has_next_item: false,
  };
}

/** Answers at once and acts later; whom it does not find, it passes over, as nobody is told. */
function inBulk(call: Call, act: (subscriber: Subscriber) => void): Reply {
  const { subscribers } = readBody(call, ['subscribers', 'tags', 'message_types', 'callback_url']);
  if (!Array.isArray(subscribers) || subscribers.length === 0 || subscribers.length > LISTED_MAX) {
    return invalid('v3', 'subscribers', `The subscribers are 1 to ${String(LISTED_MAX)}.`);
  }
  const listed: readonly unknown[] = subscribers;
  // A malformed entry is refused now; who is meant is looked up when the work is done.
  for (const entry of listed) findListed(call, entry);
  call.state.later(() => {
    for (const entry of listed) {
      const subscriber = findListed(call, entry);
      if (subscriber !== undefined) act(subscriber);
    }
  });
  return empty(204);
}

function changeTags(call: Call, change: 'add' | 'remove'): (subscriber: Subscriber) => void {
  const { tags: given } = readBody(call, ['subscribers', 'tags', 'callback_url']);
  const tags = call.state.tags.take('v3', given);
  return (subscriber) => {
    if (change === 'add') addTags(subscriber, tags, undefined);
    else for (const tag of tags) subscriber.tags.delete(tag);
  };
}

function suppress(call: Call, change: 'add' | 'delete'): (subscriber: Subscriber) => void {
  const { message_types } = readBody(call, ['subscribers', 'message_types', 'callback_url']);
  const types: readonly unknown[] = Array.isArray(message_types) ? message_types : ['email', 'text_message'];
  return (subscriber) => {
    for (const type of types) subscriber.suppressed[change](String(type));
  };
}
