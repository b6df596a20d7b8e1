import type { Reply, Route } from '../core/index.ts';
import { guard } from './guard.ts';
import type { Call, GuardedRoute } from './guard.ts';
import type { HubspotState } from './state.ts';

export interface StatefulRoute extends Omit<GuardedRoute, 'handle'> {
  handle(call: Call, state: HubspotState): Reply;
}

/** A guarded route that also works on what is no portal's own: the clock, apps, what happens later. */
export function guardWithState(route: StatefulRoute): Route<HubspotState> {
  return {
    method: route.method,
    path: route.path,
    handle: (request, state) =>
      guard({ ...route, handle: (call) => route.handle(call, state) }).handle(request, state),
  };
}
