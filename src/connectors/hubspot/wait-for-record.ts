import { z } from 'zod';
import type { Fault, Outcome } from '../../kernel/outcome.ts';

/**
 * What another flow has yet to create is usually there within seconds. By the default schedule of a connection five
 * waits last 11 minutes at most, which outlives a short outage; more is for accounts where people create records by hand.
 */
const WAIT_ATTEMPTS = 6;

/** The option of actions that are about records which another flow may still be creating. */
export const waitAttemptsSchema = z
  .int()
  .min(1)
  .default(WAIT_ATTEMPTS)
  .describe('Attempts before a record that HubSpot does not have is given up on; 1 does not wait.');

// A batch of contacts lingers for a quarter of a second and takes about as long to write: sooner is too soon.
const WAIT_MS_MIN = 1_000;

/** The outcome for an input one of whose records is missing: it waits for it, then gives up with the reason. */
export function waitForRecord(attempt: number, waitAttempts: number, fault: Fault): Outcome {
  if (attempt < waitAttempts) return { kind: 'retry', fault, waitMs: WAIT_MS_MIN };
  const message = `${fault.message} Given up after ${String(attempt)} ${attempt === 1 ? 'attempt' : 'attempts'}.`;
  return { kind: 'rejected', fault: { ...fault, message } };
}
