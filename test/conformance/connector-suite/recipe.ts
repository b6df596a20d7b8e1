/** What `describeConnector` cannot know by itself: where the vendor is played, what to send, how each failure comes about. */
import type { z } from 'zod';
import type { RunningEmulator } from '../../../emulators/core/index.ts';
import type { EmulatorDefinition } from '../../../emulators/core/definition.ts';
import type { faultSchema } from '../../../emulators/core/faults.ts';
import type { Outcome } from '../../../src/kernel/outcome.ts';

/** A script of failures, as `POST /_emulator/faults` takes it. */
export type FaultInput = z.input<typeof faultSchema>;

/** As much of an emulator as recipes of any connector use. */
export interface AnEmulator {
  readonly url: string;
  readonly clock: RunningEmulator<unknown, z.ZodType, z.ZodType>['clock'];
  readonly admin: Omit<
    RunningEmulator<unknown, z.ZodType, z.ZodType>['admin'],
    'seed' | 'reset' | 'setLimits'
  >;
}

export interface ConnectorRecipe<State, Seed extends z.ZodType, Limits extends z.ZodType> {
  readonly emulator: EmulatorDefinition<State, Seed, Limits>;
  /**
   * As an operator writes them, for a vendor at `url`. Give secrets that stand nowhere else (`sentinel-…`), and seed the
   * emulator with them: they are looked for in all that is kept or shown.
   */
  readonly settings: (url: string) => Readonly<Record<string, unknown>>;
  /** What the emulator holds at the start of each test. */
  readonly seed?: z.input<Seed>;
  /** What a replay must leave as it is; all that the emulator shows of its state when absent. */
  readonly lasting?: (emulator: RunningEmulator<State, Seed, Limits>) => unknown;
  /** By the id of the action. */
  readonly inputs: Readonly<Record<string, ActionRecipe<RunningEmulator<State, Seed, Limits>>>>;
  /** One for each row of the connector's `http.failures`, in the order of the rows. */
  readonly failures?: readonly FailureRecipe<RunningEmulator<State, Seed, Limits>>[];
}

export interface ActionRecipe<Emulator> {
  /** Nothing but what the action needs: without any one of these fields nothing is delivered. */
  readonly required: Input;
  /** Every field of the schema, together with `more` where fields exclude each other. */
  readonly full: Input;
  readonly more?: readonly Input[];
  /** Fields that no mapping gives, because merging sets them. */
  readonly setByMerging?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Puts in place what the inputs name, before each test of the action; of those of `many`, the first `count`. */
  readonly arrange?: (emulator: Emulator, count: number) => void;
  /** The input number `index` of a batch, each of another record; needed where a batch may hold several. */
  readonly many?: (index: number) => Input;
  /** Answers that take some inputs of a batch and refuse others; needed where a batch may hold several. */
  readonly partial?: readonly PartialRecipe<Emulator>[];
  /**
   * Calls of which a 2xx is enough whatever stands in its body: a pattern of their paths, `*` for any text, and why. No
   * other call may be answered with the page of a proxy and count as delivered.
   */
  readonly trusts2xx?: Readonly<Record<string, string>>;
}

type Input = Readonly<Record<string, unknown>>;

export interface PartialRecipe<Emulator> {
  /** What the vendor does, as a test's name: `one address that the vendor refuses`. */
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly arrange?: (emulator: Emulator) => void;
  /** When the answer cannot be provoked by the inputs alone. */
  readonly fault?: FaultInput;
  /** Of each input in turn. */
  readonly outcomes: readonly Outcome['kind'][];
}

/** How the vendor comes to answer as one row of the failures table says. */
export interface FailureRecipe<Emulator> {
  /** What happened at the vendor, as a test's name: `a day's calls are spent`. */
  readonly row: string;
  readonly fault?: FaultInput;
  /** When no fault is needed: a limit is set, a token revoked, a record locked. */
  readonly arrange?: (emulator: Emulator) => void;
  /** The first action with its required input when absent. */
  readonly action?: string;
  readonly input?: Input;
  /** The wait that the row reads from the answer. */
  readonly waitMs?: number;
}

export function without(given: Input, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));
}
