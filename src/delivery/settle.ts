/**
 * What an outcome means for the events behind an input: which are finished, which wait for another attempt,
 * which become dead letters, which go back to the queue. Pure.
 */
import type { RetrySchedule } from '../flows/workspace.ts';
import type { Clock, Random } from '../kernel/clock.ts';
import type { Fault, Outcome } from '../kernel/outcome.ts';
import { retryWaitMs } from './retry-schedule.ts';
import { separate } from './work.ts';
import type { Part, Work } from './work.ts';

export type Settlement =
  /** Delivered or skipped: nothing more to do. */
  | { readonly kind: 'finished' }
  /** Back to the queue at once, no attempt spent. */
  | { readonly kind: 'requeued'; readonly works: readonly Work[] }
  /** `parked` wait until `dueAtMs`, in order; `dead` have spent their attempts or were refused for good. */
  | {
      readonly kind: 'failed';
      readonly parked: readonly Part[];
      readonly dead: readonly Part[];
      readonly dueAtMs: number;
      readonly fault: Fault;
    };

export interface SettleContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly schedule: RetrySchedule;
}

export function settle(work: Work, outcome: Outcome, { clock, random, schedule }: SettleContext): Settlement {
  switch (outcome.kind) {
    case 'delivered':
    case 'skipped':
      return { kind: 'finished' };
    case 'deferred':
    case 'suspended':
      return { kind: 'requeued', works: [work] };
    case 'rejected':
      // Merged, nobody can tell whose value was refused; one by one, each gets its own verdict.
      if (work.parts.length > 1) return { kind: 'requeued', works: separate(work) };
      return { kind: 'failed', parked: [], dead: spend(work.parts), dueAtMs: 0, fault: outcome.fault };
    case 'retry': {
      const parts = spend(work.parts);
      const parked = parts.filter((part) => part.attempts < schedule.attemptsMax);
      const waitMs = retryWaitMs(schedule, parked[0]?.attempts ?? 1, random, outcome.waitMs);
      return {
        kind: 'failed',
        parked,
        dead: parts.filter((part) => part.attempts >= schedule.attemptsMax),
        dueAtMs: clock.now() + waitMs,
        fault: outcome.fault,
      };
    }
  }
}

function spend(parts: readonly Part[]): readonly Part[] {
  return parts.map((part) => ({ ...part, attempts: part.attempts + 1 }));
}
