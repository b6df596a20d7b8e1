/**
 * Which scopes open an object: contacts, companies, deals, tickets and activities as the published specifications
 * have it; the others follow the pattern, as the list of scopes does (developers.hubspot.com, 2026-11).
 */
import type { ObjectScopes } from './object-type.ts';

export const scopesOf = (name: string): ObjectScopes => ({
  read: [`crm.objects.${name}.read`],
  write: [`crm.objects.${name}.write`],
  readSchema: [`crm.schemas.${name}.read`, `crm.objects.${name}.read`],
  writeSchema: [`crm.schemas.${name}.write`],
});

export const TICKET_SCOPES: ObjectScopes = {
  read: ['tickets', 'crm.objects.tickets.read'],
  write: ['tickets', 'crm.objects.tickets.write'],
  readSchema: ['tickets', 'crm.schemas.tickets.read', 'crm.objects.tickets.read'],
  writeSchema: ['tickets', 'crm.schemas.tickets.write'],
};

export const commerceScopesOf = (name: string): ObjectScopes => {
  const own = scopesOf(name);
  return {
    read: [...own.read, 'e-commerce'],
    write: [...own.write, 'e-commerce'],
    readSchema: [...own.readSchema, 'e-commerce'],
    writeSchema: [...own.writeSchema, 'e-commerce'],
  };
};

// Notes, calls, tasks and meetings are read and written with the scopes of contacts; the rest is taken to be alike.
export const ACTIVITY_SCOPES = scopesOf('contacts');
export const EMAIL_SCOPES: ObjectScopes = {
  ...ACTIVITY_SCOPES,
  read: [...ACTIVITY_SCOPES.read, 'sales-email-read'],
};
