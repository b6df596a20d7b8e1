/** Asks a running emulator about what it has seen, over its admin surface. */
import { request } from 'undici';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly at: string;
  readonly body: unknown;
}

export interface EmulatedContact {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

const TOKEN = 'pat-na1-emulator';

async function getJson(url: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const response = await request(url, { headers });
  const text = await response.body.text();
  if (response.statusCode !== 200)
    throw new Error(`GET ${url} answered ${String(response.statusCode)}: ${text}`);
  return JSON.parse(text) as unknown;
}

export async function postJson(url: string, body: unknown): Promise<unknown> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300)
    throw new Error(`POST ${url} answered ${String(response.statusCode)}: ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** How many requests the emulator has answered; `path` may be a pattern of the emulator core. */
export async function requestCount(
  url: string,
  filter: Readonly<Record<string, string>> = {},
): Promise<number> {
  const query = new URLSearchParams({ ...filter, count: '' });
  const { count } = (await getJson(`${url}/_emulator/requests?${query.toString()}`)) as {
    readonly count: number;
  };
  return count;
}

/** Calls of HubSpot's API that change contacts, and those that only read them. */
export async function contactCalls(
  url: string,
): Promise<{ readonly writes: number; readonly reads: number; readonly refused: number }> {
  const count = (action: string, more: Readonly<Record<string, string>> = {}): Promise<number> =>
    requestCount(url, { path: `/crm/objects/2026-09/contacts/batch/${action}`, ...more });
  const [upserts, creates, updates, reads] = await Promise.all(
    ['upsert', 'create', 'update', 'read'].map((each) => count(each)),
  );
  const refused = await requestCount(url, { status: '429' });
  return { writes: (upserts ?? 0) + (creates ?? 0) + (updates ?? 0), reads: reads ?? 0, refused };
}

/** Every contact of the default portal, by address; pages through the API as a client would, limits aside. */
export async function allContacts(
  url: string,
  properties: readonly string[],
): Promise<ReadonlyMap<string, EmulatedContact>> {
  const contacts = new Map<string, EmulatedContact>();
  let after: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '100', properties: ['email', ...properties].join(',') });
    if (after !== undefined) query.set('after', after);
    const page = (await getJson(`${url}/crm/v3/objects/contacts?${query.toString()}`, {
      authorization: `Bearer ${TOKEN}`,
    })) as { results: EmulatedContact[]; paging?: { next?: { after: string } } };
    for (const contact of page.results) contacts.set(contact.properties['email'] ?? contact.id, contact);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return contacts;
}
