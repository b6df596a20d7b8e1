import { isJsonObject } from '../../../kernel/json.ts';
import { send } from '../../../kit/index.ts';
import type { FlowUse, Steps } from '../../../kit/index.ts';
import { subscribers } from '../presets/subscribers.ts';
import { scopesOf } from '../scopes/needed-scopes.ts';
import type { Settings } from '../settings.ts';

/** What a check is told of the connection. */
export interface CheckContext {
  readonly settings: Settings;
  readonly flows: readonly FlowUse[];
  readonly granted?: readonly string[] | undefined;
}

// What a connection without flows is most likely for.
const USUAL: readonly FlowUse[] = [
  { preset: subscribers, options: subscribers.action.options.parse(subscribers.options) },
];

/** The flows that the checks are about. */
export function flowsOf({ flows }: CheckContext): readonly FlowUse[] {
  return flows.length === 0 ? USUAL : flows;
}

/** Each scope that the connection's flows need, with the presets or actions that need it. */
export function neededScopes(context: CheckContext): ReadonlyMap<string, readonly string[]> {
  const needed = new Map(scopesOf(flowsOf(context)));
  // Every app has it; private apps do not list it.
  if (context.settings.access_token !== undefined) needed.delete('oauth');
  return needed;
}

/**
 * The scopes of the login, or of a private app's token; `undefined` where HubSpot does not tell. The call for the latter
 * is not in HubSpot's published specifications (integrators use it, 2026-11), so nothing but the checks relies on it.
 */
export function* grantedScopes({
  settings: { access_token },
  granted,
}: CheckContext): Steps<readonly string[] | undefined> {
  if (access_token === undefined) return granted;
  const { status, body } = yield* send({
    method: 'POST',
    path: '/oauth/v2/private-apps/get/access-token-info',
    body: { tokenKey: access_token.reveal() },
    accept: [400, 401, 403, 404, 405, 530],
  });
  const list = status === 200 && isJsonObject(body) ? body['scopes'] : undefined;
  return Array.isArray(list) ? list.filter((scope) => typeof scope === 'string') : undefined;
}

/** Answers to a token that is refused: the account's check has said so, and once is enough. */
export const TOKEN_REFUSED = [401, 530] as const;

export function isTokenRefused(status: number): boolean {
  return TOKEN_REFUSED.some((refused) => refused === status);
}
