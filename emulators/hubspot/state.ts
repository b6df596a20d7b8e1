import { RollingWindow } from '../core/index.ts';
import type { EmulatorClock, EmulatorContext } from '../core/index.ts';
import { PixelStore } from './browser/pixels.ts';
import { JournalState } from './journal/journal-state.ts';
import { Later } from './later.ts';
import { OAuthState } from './oauth/oauth-state.ts';
import { ownerSeedSchema } from './owners/owners.ts';
import { Portal } from './portal.ts';
import { DEFAULT_SWITCHES } from './switches.ts';
import type { Switches } from './switches.ts';
import { ALL_SCOPES } from './token.ts';
import type { Token } from './token.ts';
import { WebhookState } from './webhooks/webhook-state.ts';

export const DEFAULT_TOKEN = 'pat-na1-emulator';
export const DEFAULT_PORTAL_ID = 1_000_001;
export const DEFAULT_APP_ID = 2_000_001;
export const DEFAULT_USER_ID = 3_000_001;

const BURST_SPAN_MS = 10_000;

/** All accounts, apps and tokens that this HubSpot knows. */
export interface HubspotState {
  readonly clock: EmulatorClock;
  readonly portals: Map<number, Portal>;
  readonly tokens: Map<string, Token>;
  /** Ten-second windows, one per app and portal. */
  readonly bursts: Map<string, RollingWindow>;
  /** Apps, their installs and refresh tokens. */
  readonly oauth: OAuthState;
  readonly webhooks: WebhookState;
  readonly journal: JournalState;
  readonly later: Later;
  readonly pixels: PixelStore;
  switches: Switches;
  /** Answers so far, for correlation ids. */
  answers: number;
}

export function makeState(context: EmulatorContext): HubspotState {
  const { clock } = context;
  const portal = new Portal({
    id: DEFAULT_PORTAL_ID,
    plan: 'professional',
    hasAddOn: false,
    hublet: 'na1',
    timeZone: 'US/Eastern',
  });
  // Every account has an owner: the user who set it up.
  portal.owners.add(
    ownerSeedSchema.parse({ email: 'owner@example.com', firstName: 'Olga', lastName: 'Owner' }),
    0,
  );
  const token: Token = {
    token: DEFAULT_TOKEN,
    portalId: portal.id,
    appId: DEFAULT_APP_ID,
    userId: DEFAULT_USER_ID,
    kind: 'private',
    scopes: new Set(ALL_SCOPES),
    expiresAt: undefined,
    isRevoked: false,
  };
  const tokens = new Map([[token.token, token]]);
  const state: HubspotState = {
    clock,
    portals: new Map([[portal.id, portal]]),
    tokens,
    oauth: new OAuthState(clock, tokens),
    webhooks: new WebhookState(context),
    journal: new JournalState(clock, () => state.switches),
    later: new Later(clock),
    pixels: new PixelStore(),
    bursts: new Map(),
    switches: DEFAULT_SWITCHES,
    answers: 0,
  };
  return state;
}

/** Associations have a window of their own. */
export function burstOf(state: HubspotState, token: Token, of = 'calls'): RollingWindow {
  const key = `${token.appId}:${token.portalId}:${of}`;
  const window = state.bursts.get(key) ?? new RollingWindow(BURST_SPAN_MS);
  state.bursts.set(key, window);
  return window;
}

/** The portal of a token that was found; seeding makes both together. */
export function getPortal(state: HubspotState, id: number): Portal {
  const portal = state.portals.get(id);
  if (portal === undefined) throw new Error(`portal ${id} is missing from the state`);
  return portal;
}
