import { send } from '../../../kit/index.ts';
import type { Check, CheckLine, Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { readProperties } from '../records/catalogue.ts';
import { labelOf } from '../records/create-property.ts';
import { isStandard } from '../records/object-types.ts';
import type { RecordOptions } from '../records/record-options.ts';
import { typesRead } from '../scopes/needed-scopes.ts';
import { isGranted, objectScopes } from '../scopes/object-scopes.ts';
import type { Settings } from '../settings.ts';
import { flowsOf, grantedScopes, isTokenRefused, neededScopes, TOKEN_REFUSED } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import { refusal } from './refusal.ts';
import { SCOPE_REMEDY } from './scopes.ts';

/** Whether contacts, companies and so on can be read, where a flow reads them and no line has said that it may not. */
export const records: Check<Settings> = {
  title: 'Records',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    // A custom object may have been given by a name that only the account knows; features try for all of them.
    const types = typesRead(flowsOf(context)).filter(isStandard);
    const granted = types.length === 0 ? undefined : yield* grantedScopes(context);
    const lines: CheckLine[] = [];
    for (const type of types) {
      if (!isToTry(objectScopes(type, ['read']) ?? [], granted)) continue;
      const response = yield* send({
        method: 'GET',
        path: pathsOf(context.settings.api_version).objects(type),
        query: { limit: '1' },
        accept: [403, ...TOKEN_REFUSED],
      });
      if (isTokenRefused(response.status)) return lines;
      lines.push(
        response.status === 403
          ? refusal(`${labelOf(type)} cannot be read`, response)
          : { ok: true, text: `${labelOf(type)} can be read` },
      );
    }
    return lines;
  },
};

/** Whether the contact properties that flows rely on are there, or can be made. */
export const properties: Check<Settings> = {
  title: 'Properties',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    if (!neededScopes(context).has('crm.schemas.contacts.read')) return [];
    const granted = yield* grantedScopes(context);
    if (!isToTry(['crm.schemas.contacts.read'], granted)) return [];
    const response = yield* send({
      method: 'GET',
      path: pathsOf(context.settings.api_version).properties('contacts'),
      accept: [403, ...TOKEN_REFUSED],
    });
    if (isTokenRefused(response.status)) return [];
    if (response.status === 403) return [refusal('Contact properties cannot be read', response)];
    const known = new Set(readProperties(response.body).map(({ name }) => name));
    const missing = ensuredNames(context).filter((name) => !known.has(name));
    if (missing.length === 0)
      return [{ ok: true, text: `Properties present (${String(known.size)} of contacts)` }];
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

/** The contact properties that flows create when they are missing; options were parsed when the flow was made. */
function ensuredNames(context: CheckContext): readonly string[] {
  const names = flowsOf(context).flatMap(({ preset, options }) =>
    preset.action.id === 'upsert-contact' ? (options as RecordOptions).ensure.map(({ name }) => name) : [],
  );
  return [...new Set(names)];
}

/** Not when the line of a scope has said that it is missing. */
function isToTry(scopes: readonly string[], granted: readonly string[] | undefined): boolean {
  return granted === undefined || scopes.every((scope) => isGranted(scope, granted));
}
