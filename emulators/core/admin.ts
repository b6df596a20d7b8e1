import type { z } from 'zod';
import type { ClockReading, EmulatorClock } from './clock.ts';
import type { Fault, FaultInput, FaultPlan, FaultStatus } from './faults.ts';
import type { Journal, JournalEntry, JournalFilter } from './journal.ts';
import type { WebhookDelivery, Webhooks } from './webhooks.ts';

/** The admin surface for tests in the same process; the HTTP one (`admin-routes.ts`) calls exactly this. */
export interface EmulatorAdmin<Seed extends z.ZodType, Limits extends z.ZodType> {
  /** Back to a fresh emulator: state, journal, faults, webhooks; the clock runs in real time again. */
  reset(seed?: z.input<Seed>): void;
  seed(seed: z.input<Seed>): void;
  state(query?: URLSearchParams): unknown;
  requests(filter?: JournalFilter): JournalEntry[];
  countRequests(filter?: JournalFilter): number;
  clearRequests(): void;
  addFault(fault: FaultInput): Fault;
  faults(): FaultStatus[];
  removeFault(id: string): boolean;
  clearFaults(): void;
  clock(): ClockReading;
  limits(): unknown;
  setLimits(change: z.input<Limits>): void;
  webhooks(): WebhookDelivery[];
}

export interface AdminParts<State, Seed extends z.ZodType, Limits extends z.ZodType> {
  readonly seedSchema: Seed;
  readonly limitsSchema: Limits;
  readonly clock: EmulatorClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly webhooks: Webhooks;
  readonly presets: readonly string[];
  readonly state: () => State;
  readonly replaceState: () => void;
  readonly applySeed: (state: State, seed: z.output<Seed>) => void;
  readonly showState: (state: State, query: URLSearchParams) => unknown;
  readonly showLimits: (state: State) => unknown;
  readonly applyLimits: (state: State, change: z.output<Limits>) => void;
}

export function makeAdmin<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  parts: AdminParts<State, Seed, Limits>,
): EmulatorAdmin<Seed, Limits> {
  const { clock, journal, faults, webhooks } = parts;
  const seed = (input: z.input<Seed>): void => parts.applySeed(parts.state(), parts.seedSchema.parse(input));
  return {
    reset: (input) => {
      // Parsed first: a wrong seed leaves everything as it was.
      const parsed = input === undefined ? undefined : parts.seedSchema.parse(input);
      webhooks.clear();
      faults.clear();
      journal.clear();
      clock.reset();
      parts.replaceState();
      if (parsed !== undefined) parts.applySeed(parts.state(), parsed);
    },
    seed,
    state: (query = new URLSearchParams()) => parts.showState(parts.state(), query),
    requests: (filter) => journal.list(filter),
    countRequests: (filter) => journal.count(filter),
    clearRequests: () => journal.clear(),
    addFault: (fault) => {
      if (fault.preset !== undefined && !parts.presets.includes(fault.preset)) {
        throw new RangeError(
          `unknown preset "${fault.preset}"; known: ${parts.presets.join(', ') || 'none'}`,
        );
      }
      return faults.add(fault);
    },
    faults: () => faults.list(),
    removeFault: (id) => faults.remove(id),
    clearFaults: () => faults.clear(),
    clock: () => clock.read(),
    limits: () => parts.showLimits(parts.state()),
    setLimits: (change) => parts.applyLimits(parts.state(), parts.limitsSchema.parse(change)),
    webhooks: () => webhooks.list(),
  };
}
