import { send } from '../../../kit/index.ts';
import type { Call, CallResponse, Check, CheckLine, Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import type { Paths } from '../paths.ts';
import { openFlows } from '../scopes/needed-scopes.ts';
import type { Settings } from '../settings.ts';
import { flowsOf, grantedScopes, isTokenRefused, neededScopes, TOKEN_REFUSED } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import { refusal } from './refusal.ts';

/** A part of HubSpot that not every account or token can use, with a call that changes nothing. */
interface Feature {
  readonly name: string;
  /** Tried where a flow needs it; where it is known to be missing, its own line has said so. */
  readonly scope: string;
  readonly call: (paths: Paths) => Pick<Call, 'method' | 'path' | 'query' | 'body'>;
  /** The plan that it needs. */
  readonly plan?: string;
}

const FEATURES: readonly Feature[] = [
  {
    name: 'Custom events',
    scope: 'behavioral_events.event_definitions.read_write',
    call: ({ eventDefinitions }) => ({ method: 'GET', path: eventDefinitions, query: { limit: '1' } }),
    plan: 'Enterprise',
  },
  {
    name: 'Lists',
    scope: 'crm.lists.read',
    call: ({ lists }) => ({ method: 'POST', path: `${lists}/search`, body: { query: '', count: 1 } }),
  },
  {
    name: 'Custom objects',
    scope: 'crm.objects.custom.read',
    call: ({ schemas }) => ({ method: 'GET', path: schemas }),
    plan: 'Enterprise',
  },
];

/** Whether what only some plans and tokens have can be used, where a flow uses it. */
export const features: Check<Settings> = {
  title: 'Features',
  *run(context: CheckContext): Steps<readonly CheckLine[]> {
    const paths = pathsOf(context.settings.api_version);
    const needed = neededScopes(context);
    const used = FEATURES.filter(({ scope }) => needed.has(scope));
    const granted = used.length === 0 ? undefined : yield* grantedScopes(context);
    const lines: CheckLine[] = [];
    for (const { name, scope, call, plan } of used) {
      if (granted !== undefined && !granted.includes(scope)) continue;
      const response = yield* send({ ...call(paths), accept: [403, ...TOKEN_REFUSED] });
      if (isTokenRefused(response.status)) return lines;
      lines.push(
        response.status === 403
          ? refusedFeature(name, plan, granted !== undefined, response)
          : { ok: true, text: `${name} can be used` },
      );
    }
    const isOpen = openFlows(flowsOf(context)).some(({ preset }) => preset.action.id === 'upsert-object');
    if (isOpen && !needed.has('crm.objects.custom.read')) lines.push(...(yield* customObjects(paths)));
    return lines;
  },
};

/** A token with every scope that is refused all the same belongs to an account without the plan. */
function refusedFeature(
  name: string,
  plan: string | undefined,
  hasScopes: boolean,
  response: CallResponse,
): CheckLine {
  if (plan === undefined) return refusal(`${name} cannot be used`, response);
  const remedy = `In HubSpot, move the account to the ${plan} plan, or leave out the flows that need it.`;
  if (hasScopes) return { ok: false, text: `${name} need the ${plan} plan, which the account lacks`, remedy };
  return refusal(`${name} cannot be used without the ${plan} plan and their scope`, response, remedy);
}

/** Events may be about deals or tickets only, so that the absence of custom objects is told but is no fault. */
function* customObjects({ schemas }: Paths): Steps<readonly CheckLine[]> {
  const { status } = yield* send({ method: 'GET', path: schemas, accept: [403, ...TOKEN_REFUSED] });
  if (isTokenRefused(status)) return [];
  const text =
    status === 403
      ? 'Custom objects cannot be used, which needs the Enterprise plan and crm.schemas.custom.read; HubSpot’s own objects can'
      : 'Custom objects can be used';
  return [{ ok: true, text }];
}
