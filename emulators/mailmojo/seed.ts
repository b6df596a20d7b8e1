import { z } from 'zod';
import { seedPart, SeedFault } from '../core/index.ts';
import { showContact } from './contact-details.ts';
import { editSchema } from './edits.ts';
import { listSchema, STATUSES, subscriptionSchema } from './shapes.ts';
import type { MailmojoState } from './state.ts';
import { switchesSchema } from './switches.ts';

const text = z.string().min(1);

export const seedSchema = z.strictObject({
  tokens: z
    .array(z.strictObject({ token: text, expiresAt: z.iso.datetime({ offset: true }).optional() }))
    .optional(),
  lists: z.array(listSchema).optional(),
  /** Names of account fields that are there from the start. */
  fields: z.array(text).optional(),
  contacts: z
    .array(
      subscriptionSchema.omit({ force_subscribe: true, subscribed: true }).extend({
        /** List to the contact's status on it. */
        lists: z.record(z.string().regex(/^\d+$/), z.enum(STATUSES)).default({}),
        isDeleted: z.boolean().default(false),
      }),
    )
    .optional(),
  edits: z.array(editSchema).optional(),
  switches: switchesSchema.partial().optional(),
});

export function applySeed(state: MailmojoState, seed: z.output<typeof seedSchema>): void {
  for (const { token, expiresAt } of seed.tokens ?? []) {
    state.tokens.set(token, expiresAt === undefined ? null : Date.parse(expiresAt));
  }
  for (const list of seed.lists ?? []) state.lists.set(list.id, list);
  for (const name of seed.fields ?? []) state.fields.set(name, state.now());
  state.switches = { ...state.switches, ...given(seed.switches ?? {}) };
  for (const [index, { lists, isDeleted, ...details }] of (seed.contacts ?? []).entries()) {
    seedPart(['contacts', index], () => {
      const contact = state.makeContact(details);
      contact.isDeleted = isDeleted;
      for (const [listId, status] of Object.entries(lists)) {
        if (!state.lists.has(Number(listId))) throw new SeedFault(['lists', listId], 'No such list.');
        state.associate(contact, Number(listId), status);
      }
    });
  }
  for (const edit of seed.edits ?? []) state.edits.plan(edit);
}

/** Without the keys that were left out. */
export function given<Values extends object>(
  values: Values,
): Partial<{ [Key in keyof Values]: NonNullable<Values[Key]> | Extract<Values[Key], null> }> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** Everything, or with `?email=…` one contact. */
export function showState(state: MailmojoState, query: URLSearchParams): unknown {
  const email = query.get('email')?.toLowerCase();
  const contacts = [...state.contacts.values()].filter(
    (contact) => email === undefined || contact.email === email,
  );
  return {
    lists: [...state.lists.values()],
    fields: [...state.fields].map(([name, created]) => ({ name, created })),
    contacts: contacts.map(showContact),
    switches: state.switches,
  };
}
