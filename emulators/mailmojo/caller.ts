import { json } from '../core/index.ts';
import type { EmulatorRequest, Method, Reply, Route } from '../core/index.ts';
import { refuse } from './problem.ts';
import type { MailmojoState } from './state.ts';

export type MailmojoRoute = Route<MailmojoState>;

/** A call of the API: with a token that holds, and with the slash that ends every path. */
export function call(
  method: Method,
  path: string,
  handle: (request: EmulatorRequest, state: MailmojoState) => Reply,
): MailmojoRoute {
  return {
    method,
    path,
    handle: (request, state) => {
      if (!request.path.endsWith('/')) return slashless(request, state);
      state.authenticate(request.bearer());
      return handle(request, state);
    },
  };
}

function slashless(request: EmulatorRequest, { switches }: MailmojoState): Reply {
  if (switches.slashless === 'not_found') return refuse('unknown_route', request, '');
  return { status: 301, headers: { location: `${request.path}/` } };
}

/** A list, bare or wrapped. */
export function many({ switches }: MailmojoState, items: readonly object[]): Reply {
  return json(200, switches.envelope === 'bare' ? items : { data: items, meta: { count: items.length } });
}
