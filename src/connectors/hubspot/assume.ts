/**
 * What HubSpot would answer to a read if the account had every property that an input names, as text, and no record of
 * it yet. Lets a preview go on to the write that the reads are for. Pure.
 */
import { isJsonObject } from '../../kernel/json.ts';
import type { Call, CallResponse } from '../../kit/index.ts';
import { ENGAGEMENT_PROPERTIES } from './engagements/engagement-input.ts';
import { isUnusable, propertyName } from './events/event-name.ts';

export function assume({ method, path }: Call, input: unknown): CallResponse | undefined {
  if (method === 'GET' && /^\/crm\/(?:v3\/properties|properties\/[^/]+)\/[^/]+$/.test(path)) {
    return ok({ results: [...new Set([...KEYS, ...namesIn(input)])].map(textProperty) });
  }
  if (method === 'POST' && path.startsWith('/crm/') && path.endsWith('/batch/read'))
    return ok({ results: [] });
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

// Numbers that no account and no list has, so that nobody takes them for real ones.
const PORTAL_ID = 0;
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
