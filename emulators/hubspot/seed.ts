import { z } from 'zod';
import type { Call } from './guard.ts';
import { EmulatorRequest, seedPart } from '../core/index.ts';
import { formSchema } from './forms/form.ts';
import { consentSchema } from './oauth/admin-routes.ts';
import { appSchema } from './oauth/app.ts';
import { objectSeedShape, seedObjects } from './objects/seed-objects.ts';
import { PLANS } from './plans.ts';
import { relationSeedShape, seedDefinitions, seedLists } from './relation-seeds.ts';
import { Portal } from './portal.ts';
import { DEFAULT_APP_ID, DEFAULT_USER_ID } from './state.ts';
import type { HubspotState } from './state.ts';
import { switchChangesSchema } from './switches.ts';
import { ALL_SCOPES } from './token.ts';
import type { Token } from './token.ts';
import { seedWebhooks, webhookSeedSchema } from './webhooks/webhook-seed.ts';

const tokenSchema = z.strictObject({
  token: z.string().min(1),
  scopes: z.array(z.string()).default([...ALL_SCOPES]),
  appId: z.int().default(DEFAULT_APP_ID),
  userId: z.int().default(DEFAULT_USER_ID),
  kind: z.enum(['private', 'oauth']).default('private'),
  /** Milliseconds since the epoch, or ISO 8601; OAuth tokens live 30 minutes when they are made. */
  expiresAt: z.union([z.int(), z.iso.datetime({ offset: true })]).optional(),
  isRevoked: z.boolean().default(false),
});

const portalSchema = z.strictObject({
  portalId: z.int().positive(),
  plan: z.enum(PLANS).optional(),
  addOn: z.boolean().optional(),
  /** `na1`, `eu1` …; only for a portal that is new. */
  hublet: z
    .string()
    .regex(/^[a-z]+\d+$/)
    .optional(),
  timeZone: z.string().optional(),
  tokens: z.array(tokenSchema).optional(),
  forms: z.array(formSchema).optional(),
  ...objectSeedShape,
  ...relationSeedShape,
});

/** Adds to what is there; a token or property of the same name is replaced. */
export const seedSchema = z.strictObject({
  portals: z.array(portalSchema).optional(),
  /** Apps that users install by OAuth. */
  apps: z.array(appSchema.extend({ webhooks: webhookSeedSchema.optional() })).optional(),
  /** What the authorize page does without a human. */
  consent: consentSchema.optional(),
  switches: switchChangesSchema.optional(),
});

type Seed = z.output<typeof seedSchema>;
type PortalSeed = z.output<typeof portalSchema>;

const OAUTH_LIFE_MS = 30 * 60_000;

export function applySeed(state: HubspotState, seed: Seed): void {
  state.switches = { ...state.switches, ...withoutUndefined(seed.switches ?? {}) };
  for (const { webhooks, ...app } of seed.apps ?? []) {
    state.oauth.apps.set(app.clientId, app);
    if (webhooks !== undefined) seedWebhooks(state, app.appId, webhooks);
  }
  state.oauth.consent = seed.consent ?? state.oauth.consent;
  for (const [at, given] of (seed.portals ?? []).entries()) {
    seedPart(['portals', at], () => seedPortal(state, given));
  }
  state.webhooks.listen(state);
}

function seedPortal(state: HubspotState, given: PortalSeed): void {
  const now = state.clock.now();
  const portal =
    state.portals.get(given.portalId) ??
    new Portal({
      id: given.portalId,
      plan: 'professional',
      hasAddOn: false,
      hublet: given.hublet ?? 'na1',
      timeZone: given.timeZone ?? 'US/Eastern',
    });
  state.portals.set(portal.id, portal);
  portal.plan = given.plan ?? portal.plan;
  portal.hasAddOn = given.addOn ?? portal.hasAddOn;
  for (const token of given.tokens ?? []) state.tokens.set(token.token, toToken(token, portal.id, now));
  for (const form of given.forms ?? []) portal.forms.forms.set(form.guid.toLowerCase(), form);
  const call = seedingCall(state, portal, now);
  // Records may be of an object, or in a stage, that this very seed defines; lists look at the records.
  seedDefinitions(call, given);
  seedObjects(call, given);
  seedLists(call, given);
}

/** Seeds go through the same checks as calls; what they write is in the search index at once. */
function seedingCall(state: HubspotState, portal: Portal, now: number): Call {
  const at = now - state.switches.searchLagMs;
  const request = new EmulatorRequest({
    method: 'POST',
    target: '/_emulator/seed',
    headers: {},
    body: Buffer.alloc(0),
    origin: '',
    at,
  });
  const token = toToken(tokenSchema.parse({ token: 'seed' }), portal.id, now);
  return { request, portal, token, switches: state.switches, now: at };
}

function toToken(given: z.output<typeof tokenSchema>, portalId: number, now: number): Token {
  const { expiresAt = given.kind === 'oauth' ? now + OAUTH_LIFE_MS : undefined } = given;
  return {
    token: given.token,
    portalId,
    appId: given.appId,
    userId: given.userId,
    kind: given.kind,
    scopes: new Set([...given.scopes, 'oauth']),
    expiresAt: typeof expiresAt === 'string' ? Date.parse(expiresAt) : expiresAt,
    isRevoked: given.isRevoked,
  };
}

function withoutUndefined<T extends object>(given: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
