/**
 * What HubSpot would answer to a read if the account had every property that an input names, as text, every record that
 * it refers to, and none yet of what it writes. Lets a preview go on to the write that the reads are for. Pure.
 */
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import type { Call, CallResponse } from '../../kit/index.ts';
import { ENGAGEMENT_PROPERTIES } from './engagements/engagement-input.ts';
import { isUnusable, propertyName } from './events/event-name.ts';

export function assume({ method, path, body }: Call, input: unknown): CallResponse | undefined {
  if (method === 'GET' && /^\/crm\/(?:v3\/properties|properties\/[^/]+)\/[^/]+$/.test(path)) {
    return ok({ results: [...new Set([...KEYS, ...namesIn(input)])].map(textProperty) });
  }
  if (method === 'POST' && path.startsWith('/crm/') && path.endsWith('/batch/read')) {
    return ok({ results: foundRecords(path, body, valuesReferredTo(input)) });
  }
  if (method === 'POST' && path.startsWith('/crm/') && path.endsWith('/search')) {
    return ok({ total: 0, results: [] });
  }
  return method === 'GET' ? assumeOther(path, input) : undefined;
}

/** Of what associations, events, lists and forms ask for before they write. */
function assumeOther(path: string, input: unknown): CallResponse | undefined {
  if (/^\/account-info\/[^/]+\/details$/.test(path)) return ok({ portalId: PORTAL_ID });
  if (/^\/crm\/.*\/labels$/.test(path)) return ok({ results: [] });
  const event = /\/event-definitions\/([^/]+)$/.exec(path)?.[1];
  if (event !== undefined) {
    const properties = namesIn(input).map((name) => propertyName(name));
    return ok({
      fullyQualifiedName: event,
      properties: properties.filter((name) => !isUnusable(name)).map((name) => ({ name, type: 'string' })),
    });
  }
  const list = /^\/crm\/(?:v3\/lists|lists\/[^/]+)\/(?:object-type-id\/[^/]+\/name\/)?[^/]+$/.test(path);
  return list ? ok({ list: { listId: LIST_ID, processingType: 'MANUAL' } }) : undefined;
}

/** Of the records that a read asks for, those that the input refers to. */
function foundRecords(path: string, body: JsonValue | undefined, values: ReadonlySet<string>): JsonObject[] {
  const { idProperty, inputs } = isJsonObject(body) ? body : {};
  if (typeof idProperty !== 'string' || !Array.isArray(inputs)) return [];
  const type = path.split('/').at(-3) ?? '';
  return inputs.flatMap((asked) => {
    const value = isJsonObject(asked) ? asked['id'] : undefined;
    if (typeof value !== 'string' || !values.has(referred(type, value))) return [];
    return [{ id: RECORD_ID, properties: { [idProperty]: value, email: value, hs_object_id: RECORD_ID } }];
  });
}

/** A record that an input refers to has a type and the value that it is found by; a contact to delete has the latter. */
function valuesReferredTo(input: unknown): ReadonlySet<string> {
  if (Array.isArray(input)) return new Set(input.flatMap((each) => [...valuesReferredTo(each)]));
  if (!isJsonObject(input)) return new Set();
  const { type = 'contacts', value } = input;
  if (typeof value === 'string' && typeof type === 'string') return new Set([referred(type, value)]);
  const { key: _written, ...others } = input;
  return valuesReferredTo(Object.values(others));
}

function referred(type: string, value: string): string {
  return `${type} ${value.trim().toLowerCase()}`;
}

// Numbers that no account, no record and no list has, so that nobody takes them for real ones.
const PORTAL_ID = 0;
const RECORD_ID = '0';
const LIST_ID = '0';

function ok(body: unknown): CallResponse {
  return { status: 200, headers: {}, body };
}

// The names by which the actions find records, which every account has (HubSpot's default properties, read 2026-11).
const KEYS = ['email', 'hs_additional_emails', 'domain', 'hs_object_id', ...ENGAGEMENT_PROPERTIES];

/** The keys of everything that is called properties, and what records are found by, however deep in the input. */
function namesIn(input: unknown): readonly string[] {
  if (Array.isArray(input)) return input.flatMap(namesIn);
  if (!isJsonObject(input)) return [];
  return Object.entries(input).flatMap(([key, value]) => {
    if (key === 'by' && typeof value === 'string') return [value];
    return isNamed(key) && isJsonObject(value) ? Object.keys(value) : namesIn(value);
  });
}

function isNamed(key: string): boolean {
  return key === 'properties' || key === 'contact_properties';
}

function textProperty(name: string): object {
  return { name, label: name, type: 'string', fieldType: 'text', hasUniqueValue: true };
}
