import { isJsonObject } from '../../src/kernel/json.ts';
import type { EmulatorRequest, Reply, Route } from '../core/index.ts';
import { problem } from './problem.ts';
import type { MailchimpState } from './state.ts';

export type MailchimpRoute = Route<MailchimpState>;

/** Where the API lives, as in `https://us6.api.mailchimp.com/3.0`. */
export const ROOT = '/3.0';

type Act = (request: EmulatorRequest, state: MailchimpState) => Reply | Promise<Reply>;

export interface ApiCall extends MailchimpRoute {
  /** What the call does, without its key and its connection. */
  readonly act: Act;
}

/** A call of the API: who calls is checked, the open connections are counted, `fields` narrows what is read. */
export function call(method: MailchimpRoute['method'], path: string, act: Act): ApiCall {
  return {
    method,
    path: `${ROOT}${path}`,
    act,
    handle: async (request, state) => {
      const refusal = checkKey(request, state);
      if (refusal !== undefined) return refusal;
      if (state.openConnections >= state.limits.connections) return tooMany(state);
      state.openConnections += 1;
      state.connectionsMost = Math.max(state.connectionsMost, state.openConnections);
      try {
        const { latencyMs } = state.limits;
        if (latencyMs > 0) await state.context.clock.sleep(latencyMs);
        return narrowed(await act(request, state), request);
      } finally {
        state.openConnections -= 1;
      }
    },
  };
}

// No header tells the limit or what is left of it, and no answer says how long to wait.
export function tooMany({ limits }: Pick<MailchimpState, 'limits'>): Reply {
  return problem(
    429,
    'Too Many Requests',
    `You have exceeded the limit of ${String(limits.connections)} simultaneous connections.`,
  );
}

/** Basic with any user and the key as password, or a bearer token. */
function checkKey(request: EmulatorRequest, state: MailchimpState): Reply | undefined {
  const key = request.bearer() ?? passwordOf(request);
  if (key === undefined) {
    return problem(401, 'API Key Missing', 'Your request did not include an API key.');
  }
  const dataCenter = key.slice(key.lastIndexOf('-') + 1);
  if (key.includes('-') && dataCenter !== state.dataCenter && /^[a-z]+\d+$/.test(dataCenter)) {
    return problem(403, 'Forbidden', `The API key provided is linked to datacenter '${dataCenter}'.`);
  }
  if (state.keys.has(key)) return undefined;
  return problem(
    401,
    'API Key Invalid',
    "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
  );
}

function passwordOf({ headers }: EmulatorRequest): string | undefined {
  const encoded = /^Basic +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return password === '' ? undefined : password;
}

/** `fields` keeps the dotted paths it names, `exclude_fields` drops them. */
function narrowed(reply: Reply, { method, query }: EmulatorRequest): Reply {
  // Only reads are documented to take them.
  if (reply.status !== 200 || method !== 'GET') return reply;
  const kept = pathsOf(query.get('fields'));
  const dropped = pathsOf(query.get('exclude_fields'));
  if (kept.length === 0 && dropped.length === 0) return reply;
  const body: unknown = JSON.parse(JSON.stringify(reply.body));
  return { ...reply, body: without(kept.length === 0 ? body : only(body, kept), dropped) };
}

function pathsOf(list: string | null): readonly (readonly string[])[] {
  return (list ?? '')
    .split(',')
    .filter((path) => path !== '')
    .map((path) => path.split('.'));
}

function only(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((entry) => only(entry, paths));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = paths.filter(([first]) => first === name).map((path) => path.slice(1));
      return below.length === 0 ? [] : [[name, only(inner, below)]];
    }),
  );
}

function without(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.length === 0) return value;
  if (Array.isArray(value)) return value.map((entry) => without(entry, paths));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = paths.filter(([first]) => first === name).map((path) => path.slice(1));
      return below.some((path) => path.length === 0) ? [] : [[name, without(inner, below)]];
    }),
  );
}

// "count: default 10, maximum 1000": https://mailchimp.com/developer/marketing/docs/methods-parameters/#pagination.
const COUNT_DEFAULT = 10;
const COUNT_MAX = 1000;

/** A page of a list after `count` and `offset`, under the list's own name. */
export function page(
  request: EmulatorRequest,
  name: string,
  items: readonly unknown[],
): Record<string, unknown> {
  const count = Math.min(numberOf(request.query.get('count'), COUNT_DEFAULT), COUNT_MAX);
  const offset = numberOf(request.query.get('offset'), 0);
  return { [name]: items.slice(offset, offset + count), total_items: items.length, _links: [] };
}

function numberOf(text: string | null, otherwise: number): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : otherwise;
}
