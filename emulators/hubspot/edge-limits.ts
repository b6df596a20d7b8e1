import type { Plan } from './plans.ts';

/** Limits of calls that do not count in the ten-second window of ordinary calls. */
export interface EdgeLimits {
  readonly eventsPerSecond: number;
  readonly eventsPerMonth: number;
  /** Per ten seconds, with a token and without one. */
  readonly formSubmissions: number;
  readonly openFormSubmissions: number;
}

/** Of events: the guide to custom events, read 2026-04. Of forms: the forms guide, with figures of 2021. */
export function edgeLimitsOf(plan: Plan, hasAddOn: boolean): EdgeLimits {
  const isSmall = plan === 'free' || plan === 'starter';
  return {
    eventsPerSecond: 1_250,
    eventsPerMonth: 30_000_000,
    formSubmissions: hasAddOn ? 200 : isSmall ? 100 : 150,
    openFormSubmissions: 50,
  };
}
