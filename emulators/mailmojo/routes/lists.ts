import { json } from '../../core/index.ts';
import { call, many } from '../caller.ts';
import type { MailmojoRoute } from '../caller.ts';
import { showContact, statusOf } from '../contact-details.ts';
import { parse } from '../problem.ts';
import { importSchema, listSchema, subscriptionSchema } from '../shapes.ts';
import type { Contact } from '../shapes.ts';
import type { MailmojoState } from '../state.ts';

const SUBSCRIBERS = '/v1/lists/:id/subscribers';
// What an import takes; the others it counts as ignored.
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export const listRoutes: readonly MailmojoRoute[] = [
  call('GET', '/v1/lists', (_request, state) => many(state, [...state.lists.values()])),
  call('POST', '/v1/lists', (request, state) => {
    const id = Math.max(0, ...state.lists.keys()) + 1;
    const list = { ...parse(listSchema.omit({ id: true }), request.json()), id };
    state.lists.set(id, list);
    return json(201, list);
  }),
  call('GET', '/v1/lists/:id', (request, state) => json(200, state.list(request.param('id')))),
  call('GET', SUBSCRIBERS, (request, state) => {
    const { id } = state.list(request.param('id'));
    return many(state, withStatus(state, id, 'a'));
  }),
  call('GET', '/v1/lists/:id/unsubscribed', (request, state) => {
    const { id } = state.list(request.param('id'));
    return many(state, withStatus(state, id, 'u'));
  }),
  call('POST', SUBSCRIBERS, (request, state) => {
    const { id } = state.list(request.param('id'));
    const contact = state.subscribe(id, parse(subscriptionSchema, request.json()));
    const shown = showContact(contact);
    contact.tags = state.edits.after('write', contact.email, contact.tags);
    return json(200, shown);
  }),
  call('POST', `${SUBSCRIBERS}/import`, (request, state) => {
    const { id } = state.list(request.param('id'));
    const rows = parse(importSchema, request.json());
    const taken = rows.filter(({ email }) => ADDRESS.test(email));
    for (const { email, name } of taken) {
      state.subscribe(id, { email, force_subscribe: false, ...(name ? { name } : {}) });
    }
    return json(200, { num_contacts: taken.length, num_ignored: rows.length - taken.length });
  }),
  call('GET', `${SUBSCRIBERS}/:email`, (request, state) => {
    const { id } = state.list(request.param('id'));
    const { contact, association } = state.subscriber(id, request.param('email'));
    return json(200, { ...showContact(contact), ...association });
  }),
  call('DELETE', `${SUBSCRIBERS}/:email`, (request, state) => {
    const { id } = state.list(request.param('id'));
    return json(200, showContact(state.unsubscribe(id, request.param('email'))));
  }),
  call('GET', '/v1/accounts/me', (_request, state) => {
    const active = [...state.contacts.values()].filter((contact) => statusOf(contact) === 'a');
    return json(200, {
      username: 'emulator',
      name: 'The Daily Emulator',
      contact_email: 'mail@example.com',
      plan: 'premium',
      num_contacts: active.length,
    });
  }),
];

function withStatus({ contacts }: MailmojoState, listId: number, status: string): object[] {
  const isWanted = ({ lists }: Contact): boolean => lists.get(listId)?.status === status;
  return [...contacts.values()].filter(isWanted).map(showContact);
}
