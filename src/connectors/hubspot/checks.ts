import { isJsonObject } from '../../kernel/json.ts';
import { send, stringField } from '../../kit/index.ts';
import type { CallResponse, Check, CheckLine, Steps } from '../../kit/index.ts';
import { contactOptionsSchema } from './records/contact-input.ts';
import { readProperties } from './records/catalogue.ts';
import { remainingCalls } from './limits.ts';
import { pathsOf } from './paths.ts';
import { subscribers } from './presets/subscribers.ts';
import type { Settings } from './settings.ts';
import { missingScopes } from './vendor-error.ts';

const SCOPES = [
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
] as const;

const SCOPE_REMEDY = 'In HubSpot, add the scope to the private app or service key that the token belongs to.';

interface CheckContext {
  readonly settings: Settings;
  readonly presets: readonly string[];
  readonly granted?: readonly string[] | undefined;
}

/** Who the token belongs to, and what the plan has left. */
const account: Check<Settings> = {
  title: 'Account',
  *run({ settings }: CheckContext): Steps<readonly CheckLine[]> {
    const response = yield* send({
      method: 'GET',
      path: `${pathsOf(settings.api_version).account}/details`,
      accept: [401, 403],
    });
    const reachable: CheckLine = {
      ok: true,
      text: `API reachable at ${settings.base_url} (${settings.api_version})`,
    };
    if (response.status === 401) {
      const remedy = 'Copy the access token of the private app or service key again, or make a new one.';
      return [reachable, { ok: false, text: 'Token refused', remedy }];
    }
    const left = remainingCalls(response) ?? 'HubSpot does not say how many calls are left';
    return [
      reachable,
      { ok: true, text: `Token valid${ofPortal(response)}` },
      { ok: true, text: `Plan ${settings.plan}${settings.add_on ? ' with add-on' : ''}: ${left}` },
    ];
  },
};

function ofPortal({ body }: CallResponse): string {
  const portalId = isJsonObject(body) ? body['portalId'] : undefined;
  return typeof portalId === 'number' ? ` for portal ${String(portalId)}` : '';
}

const scopes: Check<Settings> = {
  title: 'Scopes',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    const granted = yield* grantedScopes(context);
    if (granted === undefined) {
      return [
        { ok: true, text: 'HubSpot does not list the scopes of this kind of token; the next lines try them' },
      ];
    }
    return SCOPES.map((scope) =>
      granted.includes(scope)
        ? { ok: true, text: `Scope ${scope}` }
        : { ok: false, text: `Scope ${scope} is missing`, remedy: SCOPE_REMEDY },
    );
  },
};

/**
 * The scopes of the login, or of a private app's token; `undefined` where HubSpot does not tell. The call for the latter
 * is not in HubSpot's published specifications (integrators use it, 2026-11), so nothing but this check relies on it.
 */
function* grantedScopes({
  settings: { access_token },
  granted,
}: CheckContext): Steps<readonly string[] | undefined> {
  if (access_token === undefined) return granted;
  const { status, body } = yield* send({
    method: 'POST',
    path: '/oauth/v2/private-apps/get/access-token-info',
    body: { tokenKey: access_token.reveal() },
    accept: [400, 401, 403, 404, 405],
  });
  const list = status === 200 && isJsonObject(body) ? body['scopes'] : undefined;
  return Array.isArray(list) ? list.filter((scope) => typeof scope === 'string') : undefined;
}

const contacts: Check<Settings> = {
  title: 'Contacts',
  *run({ settings }: CheckContext): Steps<readonly CheckLine[]> {
    const response = yield* send({
      method: 'GET',
      path: pathsOf(settings.api_version).objects('contacts'),
      query: { limit: '1' },
      accept: [403],
    });
    return [
      response.status === 403
        ? refusal('Contacts cannot be read', response)
        : { ok: true, text: 'Contacts can be read' },
    ];
  },
};

const properties: Check<Settings> = {
  title: 'Properties',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    const { settings, presets } = context;
    const response = yield* send({
      method: 'GET',
      path: pathsOf(settings.api_version).properties('contacts'),
      accept: [403],
    });
    if (response.status === 403) return [refusal('Contact properties cannot be read', response)];
    const known = new Set(readProperties(response.body).map(({ name }) => name));
    const wanted = presets.includes(subscribers.id)
      ? contactOptionsSchema.parse(subscribers.options).ensure
      : [];
    const missing = wanted.map(({ name }) => name).filter((name) => !known.has(name));
    if (missing.length === 0)
      return [{ ok: true, text: `Properties present (${String(known.size)} of contacts)` }];
    const granted = yield* grantedScopes(context);
    return [
      granted === undefined || granted.includes('crm.schemas.contacts.write')
        ? { ok: true, text: `Properties to be created when first needed: ${missing.join(', ')}` }
        : {
            ok: false,
            text: `Properties missing that cannot be created: ${missing.join(', ')}`,
            remedy: SCOPE_REMEDY,
          },
    ];
  },
};

function refusal(text: string, { body }: CallResponse): CheckLine {
  const needed = missingScopes(body);
  const why =
    needed.length > 0 ? `scopes ${needed.join(', ')}` : (stringField(body, 'category') ?? 'refused');
  return { ok: false, text: `${text} (${why})`, remedy: SCOPE_REMEDY };
}

export const checks: readonly Check<Settings>[] = [account, scopes, contacts, properties];
