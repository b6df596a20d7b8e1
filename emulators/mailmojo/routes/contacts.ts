import { json } from '../../core/index.ts';
import { call, many } from '../caller.ts';
import type { MailmojoRoute } from '../caller.ts';
import { showContact } from '../contact-details.ts';
import { parse } from '../problem.ts';
import { contactChangeSchema } from '../shapes.ts';

/** Contacts belong to the account, whatever lists they are on. */
export const contactRoutes: readonly MailmojoRoute[] = [
  call('GET', '/v1/contacts', (_request, state) =>
    many(state, [...state.contacts.values()].map(showContact)),
  ),
  call('GET', '/v1/contacts/:email', (request, state) => {
    const contact = state.contact(request.param('email'));
    const shown = showContact(contact);
    contact.tags = state.edits.after('read', contact.email, contact.tags);
    return json(200, shown);
  }),
  call('PATCH', '/v1/contacts/:email', (request, state) => {
    const change = parse(contactChangeSchema, request.json());
    const contact = state.change(request.param('email'), change);
    const shown = showContact(contact);
    contact.tags = state.edits.after('write', contact.email, contact.tags);
    return json(200, shown);
  }),
];
