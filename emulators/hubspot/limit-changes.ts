import { z } from 'zod';
import { PLANS } from './plans.ts';
import { DEFAULT_PORTAL_ID, getPortal } from './state.ts';
import type { HubspotState } from './state.ts';

/** `POST /_emulator/limits`: another plan, or single figures over those of the plan; null takes them back. */
export const limitsSchema = z.strictObject({
  portalId: z.int().default(DEFAULT_PORTAL_ID),
  plan: z.enum(PLANS).optional(),
  addOn: z.boolean().optional(),
  /** Calls per ten seconds and app. */
  burst: z.int().nonnegative().nullable().optional(),
  /** Calls per day and account. */
  daily: z.int().nonnegative().nullable().optional(),
  searchesPerSecond: z.int().nonnegative().nullable().optional(),
  /** Calls about associations, per ten seconds and app, and per day and account. */
  associationBurst: z.int().nonnegative().nullable().optional(),
  associationDaily: z.int().nonnegative().nullable().optional(),
  eventsPerSecond: z.int().nonnegative().nullable().optional(),
  eventsPerMonth: z.int().nonnegative().nullable().optional(),
  /** Submissions of forms per ten seconds, with a token and without one. */
  formSubmissions: z.int().nonnegative().nullable().optional(),
  openFormSubmissions: z.int().nonnegative().nullable().optional(),
  /** false lets every call through, still counting. */
  isEnforced: z.boolean().nullable().optional(),
});

export function showLimits(state: HubspotState): unknown {
  return {
    portals: [...state.portals.values()].map((portal) => ({
      portalId: portal.id,
      plan: portal.plan,
      addOn: portal.hasAddOn,
      ...portal.limits,
      usedToday: portal.usage.calls,
    })),
  };
}

export function changeLimits(state: HubspotState, change: z.output<typeof limitsSchema>): void {
  if (!state.portals.has(change.portalId)) throw new RangeError(`there is no portal ${change.portalId}`);
  const portal = getPortal(state, change.portalId);
  portal.plan = change.plan ?? portal.plan;
  portal.hasAddOn = change.addOn ?? portal.hasAddOn;
  const merged = { ...portal.limitChanges, ...figures(change) };
  portal.limitChanges = Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  );
}

function figures(change: z.output<typeof limitsSchema>): Record<string, unknown> {
  const { portalId: _portalId, plan: _plan, addOn: _addOn, ...figuresGiven } = change;
  return Object.fromEntries(Object.entries(figuresGiven).filter(([, value]) => value !== undefined));
}
