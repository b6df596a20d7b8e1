import { send } from '../../../kit/index.ts';
import type { Check, CheckLine, Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import type { Settings } from '../settings.ts';
import { openFlows } from '../scopes/needed-scopes.ts';
import { isGranted } from '../scopes/object-scopes.ts';
import { flowsOf, grantedScopes, isTokenRefused, neededScopes, TOKEN_REFUSED } from './check-context.ts';
import type { CheckContext } from './check-context.ts';

export const SCOPE_REMEDY =
  'In HubSpot, add the scope to the private app or service key that the token belongs to.';
const LOGIN_REMEDY = 'Log in again with linchpin connections login, and agree to the scope.';

// What HubSpot grants in accounts of its Enterprise plan only (custom events, custom objects; read 2026-11).
const ENTERPRISE = /^(behavioral_events|analytics\.behavioral_events|crm\.(objects|schemas)\.custom)\./;

/** One line per scope, so that what is missing can be read off. */
export const scopes: Check<Settings> = {
  title: 'Scopes',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    const granted = yield* grantedScopes(context);
    if (granted === undefined) return yield* unlisted(context);
    const lines = [...neededScopes(context)].map(([scope, neededBy]) =>
      isGranted(scope, granted)
        ? { ok: true, text: `Scope ${scope}` }
        : {
            ok: false,
            text: `Scope ${scope} is missing, which ${neededBy.join(', ')} needs`,
            remedy: remedyFor(scope, context),
          },
    );
    return [...lines, ...untold(context)];
  },
};

/** Of a token that is refused there is nothing more to say. */
function* unlisted({ settings }: CheckContext): Steps<readonly CheckLine[]> {
  const path = `${pathsOf(settings.api_version).account}/details`;
  const { status } = yield* send({ method: 'GET', path, accept: TOKEN_REFUSED });
  if (isTokenRefused(status)) return [];
  const text = 'HubSpot does not list the scopes of this kind of token; the next lines try them';
  return [{ ok: true, text }];
}

/** What nobody can know before the events come is told, and is no fault. */
function untold(context: CheckContext): readonly CheckLine[] {
  const ids = [...new Set(openFlows(flowsOf(context)).map(({ preset }) => preset.id))];
  const text = `Events decide which objects ${ids.join(', ')} is about; the scopes of these are not checked`;
  return ids.length === 0 ? [] : [{ ok: true, text }];
}

function remedyFor(scope: string, { settings }: CheckContext): string {
  const remedy = settings.access_token === undefined ? LOGIN_REMEDY : SCOPE_REMEDY;
  return ENTERPRISE.test(scope)
    ? `${remedy} HubSpot grants it in accounts of the Enterprise plan only.`
    : remedy;
}
