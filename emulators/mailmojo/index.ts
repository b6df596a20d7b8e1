import { defineEmulator, json } from '../core/index.ts';
import type { PageTable, Reply } from '../core/index.ts';
import { statusOf } from './contact-details.ts';
import { editSchema } from './edits.ts';
import { problem, refuse } from './problem.ts';
import { contactRoutes } from './routes/contacts.ts';
import { listRoutes } from './routes/lists.ts';
import { applySeed, given, seedSchema, showState } from './seed.ts';
import { MailmojoState } from './state.ts';
import { switchesSchema } from './switches.ts';

/** Mailmojo's API 1.1: lists, subscribers, contacts. */
export const mailmojoEmulator = defineEmulator({
  id: 'mailmojo',
  title: 'Mailmojo',
  seedSchema,
  makeState: (context) => new MailmojoState(context),
  applySeed,
  showState,
  showPage: showTables,
  limits: {
    schema: switchesSchema.partial(),
    show: ({ switches }) => switches,
    apply: (state, change) => {
      state.switches = { ...state.switches, ...given(change) };
    },
  },
  routes: [...listRoutes, ...contactRoutes],
  adminRoutes: [
    {
      method: 'POST',
      path: '/edits',
      handle: (request, state): Reply => {
        const edit = editSchema.safeParse(request.json());
        if (!edit.success) return json(400, { message: edit.error.message });
        state.edits.plan(edit.data);
        return json(201, edit.data);
      },
    },
  ],
  refuse,
  faultPresets: {
    throttled: () =>
      problem(429, 'Too Many Requests', 'Too many requests.', { headers: { 'retry-after': '30' } }),
    expired_token: () => problem(401, 'Unauthorized', 'The access token has expired.'),
    missing_scope: () => problem(403, 'Forbidden', 'The access token lacks a scope.'),
  },
  // Far above every request but the largest imports.
  bodyBytesMax: 4_194_304,
});

function showTables({ contacts, fields }: MailmojoState): readonly PageTable[] {
  return [
    {
      title: 'Contacts',
      columns: ['Address', 'Name', 'Status', 'Lists', 'Tags'],
      rows: [...contacts.values()].map((contact) => [
        contact.email,
        `${contact.first_name} ${contact.last_name}`.trim(),
        statusOf(contact),
        [...contact.lists].map(([id, { status }]) => `${String(id)}: ${status}`).join(', '),
        contact.tags.join(', '),
      ]),
    },
    {
      title: 'Account fields',
      columns: ['Name', 'Created'],
      rows: [...fields].map(([name, created]) => [name, created]),
    },
  ];
}
