import type { FailureRule } from '../../kit/index.ts';

/**
 * What Sesamy's refusals mean beyond the kit's default table. The vendor documents its error shape but no
 * list of statuses (https://developers.sesamy.com/api, read 2026-11).
 */
export const FAILURES: readonly FailureRule[] = [
  // An event may arrive before the reads know of what it names: "Process events asynchronously" and then
  // fetch by id. A user that is not found is looked at by the action itself.
  { status: 404, verdict: 'retry', source: 'https://developers.sesamy.com/guides/webhooks.html' },
];
