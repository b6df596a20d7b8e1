export const PLANS = ['free', 'starter', 'professional', 'enterprise'] as const;
export type Plan = (typeof PLANS)[number];

/** Calls that an account's apps may make (developers.hubspot.com, usage guidelines, 2026-04). */
export interface PlanLimits {
  /** Per app within ten seconds. */
  readonly burst: number;
  /** Per account and day, for private apps. */
  readonly daily: number;
  /** The same two for associations, which are counted on their own. */
  readonly associationBurst: number;
  readonly associationDaily: number;
}

// The smaller plans have no figure for associations a day; theirs for all other calls stands in.
const BY_PLAN: Readonly<Record<Plan, PlanLimits>> = {
  free: { burst: 100, daily: 250_000, associationBurst: 100, associationDaily: 250_000 },
  starter: { burst: 100, daily: 250_000, associationBurst: 100, associationDaily: 250_000 },
  // An older changelog says 650,000; the guidelines' lower figure is the safe one.
  professional: { burst: 190, daily: 625_000, associationBurst: 150, associationDaily: 500_000 },
  enterprise: { burst: 190, daily: 1_000_000, associationBurst: 150, associationDaily: 500_000 },
};

const WITH_ADD_ON: PlanLimits = {
  burst: 250,
  daily: 1_000_000,
  associationBurst: 200,
  associationDaily: 1_000_000,
};

/** An OAuth app has a limit of its own per account, whatever the plan, and no daily one. */
export const OAUTH_BURST = 110;

/** Per account, all apps together, and outside of the ten-second window. */
export const SEARCHES_PER_SECOND = 5;

export function limitsOf(plan: Plan, hasAddOn: boolean): PlanLimits {
  const own = BY_PLAN[plan];
  return hasAddOn ? { ...WITH_ADD_ON, daily: own.daily + WITH_ADD_ON.daily } : own;
}
