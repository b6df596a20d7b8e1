import type { CheckoutConfirmed } from './resolution.ts';

/** Where a publisher puts the browser string into a checkout of a platform that has no field for it; ours (2026-11). */
export const USER_AGENT_FIELD = 'user_agent';

/**
 * The browser string of whoever paid: what the platform itself tells, else a field of the checkout's metadata. Sesamy's
 * public checkout has neither by itself (npm @sesamy/sdk 1.22.0, read 2026-11). `null` when nobody tells.
 */
export function userAgentOf(
  { checkout, attribution }: Pick<CheckoutConfirmed, 'checkout' | 'attribution'>,
  metadataField: string = USER_AGENT_FIELD,
): string | null {
  return attribution?.userAgent ?? (checkout.metadata[metadataField]?.trim() || null);
}
