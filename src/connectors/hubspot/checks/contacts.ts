import { send } from '../../../kit/index.ts';
import type { Check, CheckLine, Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { subscribers } from '../presets/subscribers.ts';
import { readProperties } from '../records/catalogue.ts';
import { contactOptionsSchema } from '../records/contact-input.ts';
import type { Settings } from '../settings.ts';
import { grantedScopes, isTokenRefused, neededScopes, TOKEN_REFUSED } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import { refusal } from './refusal.ts';
import { SCOPE_REMEDY } from './scopes.ts';

/** Whether contacts can be read, where a flow reads them and no line has said that it may not. */
export const contacts: Check<Settings> = {
  title: 'Contacts',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    if (!(yield* isToTry('crm.objects.contacts.read', context))) return [];
    const response = yield* send({
      method: 'GET',
      path: pathsOf(context.settings.api_version).objects('contacts'),
      query: { limit: '1' },
      accept: [403, ...TOKEN_REFUSED],
    });
    if (isTokenRefused(response.status)) return [];
    return [
      response.status === 403
        ? refusal('Contacts cannot be read', response)
        : { ok: true, text: 'Contacts can be read' },
    ];
  },
};

/** Whether the properties that flows rely on are there, or can be made. */
export const properties: Check<Settings> = {
  title: 'Properties',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    const { settings, presets } = context;
    const wanted = presets.includes(subscribers.id)
      ? contactOptionsSchema.parse(subscribers.options).ensure
      : [];
    if (!(yield* isToTry('crm.schemas.contacts.read', context))) return [];
    const response = yield* send({
      method: 'GET',
      path: pathsOf(settings.api_version).properties('contacts'),
      accept: [403, ...TOKEN_REFUSED],
    });
    if (isTokenRefused(response.status)) return [];
    if (response.status === 403) return [refusal('Contact properties cannot be read', response)];
    const known = new Set(readProperties(response.body).map(({ name }) => name));
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

/** Not when no flow needs the scope, nor when its line has said that it is missing. */
function* isToTry(scope: string, context: CheckContext): Steps<boolean> {
  if (!neededScopes(context).has(scope)) return false;
  const granted = yield* grantedScopes(context);
  return granted === undefined || granted.includes(scope);
}
