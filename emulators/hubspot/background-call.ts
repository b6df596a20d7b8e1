import { EmulatorRequest } from '../core/index.ts';
import type { Call } from './guard.ts';
import type { ChangeSource } from './objects/change-feed.ts';
import type { Portal } from './portal.ts';
import type { HubspotState } from './state.ts';

/** What HubSpot does by itself (a form, an import, an event) writes as a call does, under a source of its own. */
export function backgroundCall(state: HubspotState, portal: Portal, source: ChangeSource): Call {
  const now = state.clock.now();
  return {
    request: new EmulatorRequest({
      method: 'POST',
      target: '/',
      headers: {},
      body: Buffer.alloc(0),
      origin: '',
      at: now,
    }),
    portal,
    token: {
      token: '',
      portalId: portal.id,
      appId: 0,
      userId: 0,
      kind: 'private',
      scopes: new Set(),
      expiresAt: undefined,
      isRevoked: false,
    },
    switches: state.switches,
    now,
    source,
  };
}
