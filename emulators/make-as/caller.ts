import type { EmulatorRequest, Reply, Route } from '../core/index.ts';
import { refusal, refuseCall } from './refusal.ts';
import { STATUSES } from './shapes.ts';
import type { Status } from './shapes.ts';
import type { MakeAsState } from './state.ts';

export type MakeAsRoute = Route<MakeAsState>;

const PREFIX = '/api/public/v2';

/** A call of the subscribers API: its sender is known, and within the limit. */
export function call(
  method: MakeAsRoute['method'],
  path: string,
  handle: (request: EmulatorRequest, state: MakeAsState) => Reply,
): MakeAsRoute {
  return {
    method,
    path: `${PREFIX}${path}`,
    handle: (request, state) => {
      if (!isKnown(request, state)) return refusal(401, 'Unauthorized');
      state.countCall();
      return handle(request, state);
    },
  };
}

/** HTTP Basic with the user id and its API key. */
function isKnown({ headers }: EmulatorRequest, { users }: MakeAsState): boolean {
  const encoded = /^Basic +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const [userId = '', ...key] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return users.has(userId) && users.get(userId) === key.join(':');
}

/** The orders that stand in the query of calls that write subscribers. */
export interface WriteOrders {
  readonly listIds: readonly string[];
  readonly status: Status | undefined;
  readonly statusMobile: Status | undefined;
  readonly tag: 'replace' | 'merge';
}

export function writeOrders(
  { query }: EmulatorRequest,
  state: MakeAsState,
  isListRequired: boolean,
): WriteOrders {
  for (const name of query.keys()) {
    if (!KNOWN.has(name)) refuseCall(422, `The query parameter ${name} is unknown.`);
  }
  const listIds = [...query.getAll('subscriber_list_id[]'), ...query.getAll('subscriber_list_id')];
  if (isListRequired && listIds.length === 0) refuseCall(422, 'The subscriber list id field is required.');
  for (const id of listIds) state.list(id);
  return {
    listIds,
    status: oneOf(query, 'status', STATUSES),
    statusMobile: oneOf(query, 'status_mobile', STATUSES),
    tag: oneOf(query, 'tag', ['replace', 'merge']) ?? 'replace',
  };
}

const KNOWN = new Set(['subscriber_list_id[]', 'subscriber_list_id', 'status', 'status_mobile', 'tag']);

export function oneOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  return words.find((word) => word === given) ?? refuseCall(422, `The selected ${name} is invalid.`);
}

// "at most 1000 rows" of the bulk calls; the refusal of more, and of none, is inferred (2026-11).
const ROWS_MAX = 1000;

/** The rows of a bulk call: a bare array. Wrapped in an object, the vendor refuses them (its PHP client, 1.0.2). */
export function rowsOf(request: EmulatorRequest): readonly unknown[] {
  const body = request.json();
  if (!Array.isArray(body)) return refuseCall(422, 'The request body must be an array.');
  if (body.length === 0) return refuseCall(422, 'The request body must not be empty.');
  if (body.length > ROWS_MAX) return refuseCall(422, `At most ${String(ROWS_MAX)} rows are allowed.`);
  return body as readonly unknown[];
}
