/** Runs a server process until a signal ends it: the same for every command that stays. */
import { once } from 'node:events';
import { LinchpinError } from '../kernel/errors.ts';
import type { Flag, Invocation } from './command.ts';
import { textFlag } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { untilStopped } from './until-stopped.ts';

// Vendors answer within some seconds, and orchestrators kill after 30 (kubernetes.io, pod lifecycle,
// terminationGracePeriodSeconds, 2026-11).
const DRAIN_SECONDS_DEFAULT = 20;

// A typing mistake beyond it, not a wish.
const DRAIN_SECONDS_MAX = 3_600;

export const DRAIN_FLAG: Flag = {
  flag: '--drain <seconds>',
  description: `how long stopping waits for calls in flight (${String(DRAIN_SECONDS_DEFAULT)})`,
};

interface Running {
  /** False when something in flight was cut off. */
  close(drainMs: number): Promise<boolean>;
}

/** `start` is handed what to call when the store is lost, and says itself that it stands. */
export async function runUntilStopped(
  invocation: Invocation,
  start: (onStoreLost: (error: Error) => void) => Promise<Running>,
): Promise<ExitCode> {
  const { output } = invocation;
  const drainMs = readDrainSeconds(invocation) * 1_000;
  // From here on a signal is heard: one that comes while things start is obeyed once they stand.
  const stopped = untilStopped();
  const lost = new AbortController();
  const running = await start((error) => {
    lost.abort(error);
  });
  if (!lost.signal.aborted) await Promise.race([stopped, once(lost.signal, 'abort')]);
  if (!lost.signal.aborted) output.line('Stopping: what is in flight is finished first.');
  const isWhole = await running.close(drainMs);
  // Only `onStoreLost` aborts, and with the error.
  if (lost.signal.aborted) throw lost.signal.reason as Error;
  if (isWhole) return EXIT.ok;
  output.remark('Some calls were still in flight; what they carried will be sent again.');
  return EXIT.failed;
}

function readDrainSeconds(invocation: Invocation): number {
  const text = textFlag(invocation, 'drain');
  if (text === undefined) return DRAIN_SECONDS_DEFAULT;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= DRAIN_SECONDS_MAX) return seconds;
  throw new LinchpinError('cli.usage', {
    message: `${text} is not a number of seconds from 0 to ${String(DRAIN_SECONDS_MAX)}.`,
    field: '--drain',
  });
}
