import type { WebhookRules } from '../../core/index.ts';

const MINUTE_MS = 60_000;

/**
 * Documented: five seconds for an answer, up to ten more attempts spread over 24 hours, after anything that is not a
 * success. The single waits are randomised there and fixed here, so that a test knows them; they add up to a day.
 */
export const WEBHOOK_RULES: WebhookRules = {
  // Each delivery brings the signature of its app.
  sign: () => ({}),
  timeoutMs: 5_000,
  retryDelaysMs: [1, 4, 10, 30, 60, 120, 180, 255, 330, 450].map((minutes) => minutes * MINUTE_MS),
};
