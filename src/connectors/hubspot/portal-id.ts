import { isJsonObject } from '../../kernel/json.ts';
import { send } from '../../kit/index.ts';
import type { DeliverContext, Steps } from '../../kit/index.ts';
import { pathsOf } from './paths.ts';
import type { Settings } from './settings.ts';

// The number of an account never changes; a day keeps the call rare.
const TTL_MS = 86_400_000;

/** The number of the account that the token belongs to; `undefined` when the answer cannot be read. */
export function* findPortalId({
  settings,
  cache,
}: Pick<DeliverContext<Settings, unknown>, 'settings' | 'cache'>): Steps<string | undefined> {
  const cached = cache.get('portal-id');
  if (typeof cached === 'string') return cached;
  const { body } = yield* send({ method: 'GET', path: `${pathsOf(settings.api_version).account}/details` });
  const portalId = isJsonObject(body) ? body['portalId'] : undefined;
  if (typeof portalId !== 'number') return undefined;
  cache.set('portal-id', String(portalId), TTL_MS);
  return String(portalId);
}
