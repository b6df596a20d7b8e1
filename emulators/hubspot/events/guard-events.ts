import { Refused } from '../../core/index.ts';
import type { Route } from '../../core/index.ts';
import { missingScopes } from '../errors.ts';
import { guardWithState } from '../guard-with-state.ts';
import type { StatefulRoute } from '../guard-with-state.ts';
import type { HubspotState } from '../state.ts';

/**
 * Custom events belong to the Enterprise plan: in a lesser account no app can be granted their scopes. What a token
 * that has them nevertheless meets is a switch.
 */
export function guardEvents(
  route: StatefulRoute & { readonly scopes: readonly string[] },
): Route<HubspotState> {
  return guardWithState({
    ...route,
    handle: (call, state) => {
      if (call.portal.plan !== 'enterprise' && call.switches.eventsBelowEnterprise === 'missing_scopes') {
        throw new Refused(missingScopes(route.scopes));
      }
      return route.handle(call, state);
    },
  });
}
