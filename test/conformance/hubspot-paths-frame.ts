import { Client } from '@hubspot/api-client';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { DEFAULT_APP } from '../../emulators/hubspot/oauth/app.ts';
import type { Version } from '../../emulators/hubspot/versions.ts';
import { answerOf } from './hubspot-emulator-api.ts';
import type { Answer, ClientAnswer } from './hubspot-emulator-api.ts';

/** What earlier rows have learnt, by name: ids, names, tokens. */
export type Known = Record<string, string>;

/** One call on the wire. */
export interface Wire {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly multipart?: FormData;
}

/** One row of the table: how HubSpot's own client makes the call, how it looks on a version's path, what comes back. */
export interface PathRow {
  readonly name: string;
  /** Absent where the client has no such call: it is made by hand on v3 or v4 then. */
  readonly client?: (client: Client, known: Known) => Promise<ClientAnswer>;
  /** `undefined` where a version has no such path. */
  readonly wire: (version: Version, known: Known) => Wire | undefined;
  readonly status: number | ((version: Version) => number);
  /** A matcher of the whole answer. */
  readonly shape?: unknown;
  /** What later rows need of the answer. */
  readonly keep?: (body: Readonly<Record<string, unknown>>) => Known;
}

/** `/crm/v3/objects`, but `/crm/objects/2026-09`. */
export const crm = (version: Version, area: string): string =>
  version === 'v3' ? `/crm/v3/${area}` : `/crm/${area}/${version}`;

/** Keeps the id of what a row has made. */
export const idOf =
  (name: string) =>
  (body: Readonly<Record<string, unknown>>): Known => ({ [name]: String(body['id']) });

export type Drive = (row: PathRow, known: Known) => Promise<Answer | undefined>;

export function byPlainCalls(emulator: HubspotEmulator, version: Version): Drive {
  return async ({ wire }, known) => {
    const call = wire(version, known);
    return call === undefined ? undefined : send(emulator, call);
  };
}

export function byClient(emulator: HubspotEmulator): Drive {
  const client = new Client({
    accessToken: DEFAULT_TOKEN,
    developerApiKey: DEFAULT_APP.developerApiKey,
    basePath: emulator.url,
    numberOfApiCallRetries: 0,
    // The client's own brake would only slow the tests down.
    limiterOptions: { minTime: 0, maxConcurrent: 10 },
  });
  const plain = byPlainCalls(emulator, 'v3');
  return async (row, known) => {
    const { client: viaClient } = row;
    if (viaClient === undefined) return plain(row, known);
    const { status, body } = await answerOf(() => viaClient(client, known));
    // The models rename what is a word of JavaScript, and some of what has an underscore.
    return { status, body: JSON.parse(JSON.stringify(body).replaceAll('"_from":', '"from":')) as unknown };
  };
}

async function send(
  emulator: HubspotEmulator,
  { method, path, json, form, multipart }: Wire,
): Promise<Answer> {
  const body = multipart ?? (form === undefined ? undefined : new URLSearchParams(form));
  const response = await fetch(emulator.url + path, {
    method,
    headers: {
      authorization: `Bearer ${DEFAULT_TOKEN}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(json !== undefined ? { body: JSON.stringify(json) } : body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text };
}
