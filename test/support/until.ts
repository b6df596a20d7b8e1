/** The only waiting that tests do: for a state, not for a time. */
import { systemClock } from '../../src/kernel/clock.ts';

export interface UntilOptions {
  readonly timeoutMs?: number;
  /** What is waited for, to name it when it does not come. */
  readonly what?: string;
}

// Short enough to cost a test nothing, long enough to leave the processor to what is waited for.
const POLL_MS = 10;

/** Calls `look` until it gives something other than undefined, null or false, and returns that. */
export async function until<T>(
  look: () => T | Promise<T>,
  { timeoutMs = 5_000, what = 'the expected state' }: UntilOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = systemClock.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const value = await look();
      failure = undefined;
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<T, undefined | null | false>;
      }
    } catch (error) {
      // Not there yet; told below if it never comes.
      failure = error;
    }
    if (systemClock.now() > deadline) {
      throw new Error(`Waited ${String(timeoutMs)} ms for ${what}.`, { cause: failure });
    }
    await systemClock.sleep(POLL_MS);
  }
}
