import { isJsonObject } from '../../../kernel/json.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { CallResponse, Check, CheckLine, Steps } from '../../../kit/index.ts';
import { allowedBurst, configuredBurst, remainingCalls } from '../limits.ts';
import { pathsOf } from '../paths.ts';
import type { Settings } from '../settings.ts';
import type { CheckContext } from './check-context.ts';

/** Who the token belongs to, and whether the plan is the one that is configured. */
export const account: Check<Settings> = {
  title: 'Account',
  *run({ settings }: CheckContext): Steps<readonly CheckLine[]> {
    const response = yield* send({
      method: 'GET',
      path: `${pathsOf(settings.api_version).account}/details`,
      accept: [401, 530],
    });
    const reachable: CheckLine = {
      ok: true,
      text: `API reachable at ${settings.base_url} (${settings.api_version})`,
    };
    if (response.status >= 300) return [reachable, refusedToken(response)];
    return [reachable, { ok: true, text: `Token valid${ofPortal(response)}` }, planLine(settings, response)];
  },
};

const NEW_TOKEN = 'Copy the access token of the private app or service key again, or make a new one.';

/** HubSpot tells an expired token from an unknown one, but not a revoked one from a mistyped one. */
function refusedToken({ status, body }: CallResponse): CheckLine {
  if (status === 530)
    return { ok: false, text: 'Token refused: it has characters that no token has', remedy: NEW_TOKEN };
  if (stringField(body, 'category') === 'EXPIRED_AUTHENTICATION') {
    const seconds = /expired (\d+) second/.exec(stringField(body, 'message') ?? '')?.[1];
    return {
      ok: false,
      text: `Token expired${seconds === undefined ? '' : ` ${seconds} seconds ago`}`,
      remedy:
        'Only tokens of OAuth logins expire. Give client_id and client_secret in place of access_token, and log in: then Linchpin renews them.',
    };
  }
  return {
    ok: false,
    text: 'Token refused: it was revoked or replaced, or is not a token of HubSpot',
    remedy: NEW_TOKEN,
  };
}

function ofPortal({ body }: CallResponse): string {
  const portalId = isJsonObject(body) ? body['portalId'] : undefined;
  return typeof portalId === 'number' ? ` for portal ${String(portalId)}` : '';
}

/** A plan that is set too high would spend the account's allowance of refusals; too low is only slow. */
function planLine(settings: Settings, response: CallResponse): CheckLine {
  const plan = `Plan ${settings.plan}${settings.add_on ? ' with add-on' : ''}`;
  const allowed = allowedBurst(response);
  const expected = configuredBurst(settings);
  if (allowed !== undefined && allowed < expected) {
    return {
      ok: false,
      text: `${plan} is configured for ${String(expected)} calls in 10 s, but HubSpot allows ${String(allowed)}`,
      remedy: 'Set plan and add_on to what the account has; HubSpot shows it under Account & Billing.',
    };
  }
  return {
    ok: true,
    text: `${plan}: ${remainingCalls(response) ?? 'HubSpot does not say how many calls are left'}`,
  };
}
