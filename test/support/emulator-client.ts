/** Asks a running emulator about what it has seen, over its admin surface. */
import { request } from 'undici';

export interface EmulatedContact {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  /** ISO times on the emulator's clock. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface HubspotState {
  readonly portals: readonly {
    readonly contactCount: number;
    readonly contacts: readonly EmulatedContact[];
  }[];
}

export async function getJson(url: string): Promise<unknown> {
  const response = await request(url);
  const text = await response.body.text();
  if (response.statusCode !== 200)
    throw new Error(`GET ${url} answered ${String(response.statusCode)}: ${text}`);
  return JSON.parse(text) as unknown;
}

export async function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300)
    throw new Error(`POST ${url} answered ${String(response.statusCode)}: ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** How many requests the emulator has answered; `path` may hold `*`. */
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

/** Calls that read or write contacts in batches, and calls refused for the limit. */
export async function contactCalls(
  url: string,
): Promise<{ readonly writes: number; readonly reads: number; readonly refused: number }> {
  const count = (action: string): Promise<number> =>
    requestCount(url, { path: `/crm/*/contacts/batch/${action}` });
  const [upserts, creates, updates, reads] = await Promise.all([
    count('upsert'),
    count('create'),
    count('update'),
    count('read'),
  ]);
  return { writes: upserts + creates + updates, reads, refused: await requestCount(url, { status: '429' }) };
}

export async function contactCount(url: string): Promise<number> {
  const { portals } = (await getJson(`${url}/_emulator/state?limit=1`)) as HubspotState;
  return portals[0]?.contactCount ?? 0;
}

/** Every contact of the default portal by its primary address; not a call that counts against a limit. */
export async function allContacts(url: string): Promise<ReadonlyMap<string, EmulatedContact>> {
  const { portals } = (await getJson(`${url}/_emulator/state?limit=1000000`)) as HubspotState;
  return new Map(
    (portals[0]?.contacts ?? []).map((contact) => [contact.properties['email'] ?? contact.id, contact]),
  );
}
