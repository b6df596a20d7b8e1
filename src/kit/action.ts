import type { z } from 'zod';
import type { Outcome } from '../kernel/outcome.ts';
import type { ConnectionCache } from './cache.ts';
import type { Steps } from './call.ts';

/** One input on its way to the vendor. */
export interface Item<Input> {
  readonly input: Input;
  /** Stable across retries and unique within a batch: a vendor may be given it to correlate answers. */
  readonly traceId: string;
  /** 1 for the first attempt. Of inputs merged into one, that of the one tried most often. */
  readonly attempt: number;
}

export interface DeliverContext<Settings, Options> {
  readonly settings: Settings;
  readonly options: Options;
  readonly cache: ConnectionCache;
  /** Milliseconds since the epoch at the start of the batch. */
  readonly nowMs: number;
  /**
   * True when somebody has these inputs sent once more, perhaps because the vendor lost what they wrote: what is
   * remembered of the vendor then proves nothing.
   */
  readonly isReplay?: boolean;
}

export interface BatchRule {
  /** The most inputs that one run of `deliver` takes; 1 for actions that go one by one. */
  readonly maxItems: number;
  /**
   * How long an input may wait for company while the connection is busy. An idle connection sends at once.
   */
  readonly lingerMs: number;
  /**
   * How long an input always waits for others of its order key, for actions whose cost is per key and not
   * per input; 0 when absent.
   */
  readonly gatherMs?: number;
}

/**
 * Something a connector can do with a vendor, one input at a time or in batches. `deliver` is a generator
 * without I/O: it yields calls, is handed the answers that its connector's failures table lets through
 * (2xx and what the call accepts), and returns one outcome per input, in the order of the batch.
 */
export interface Action<
  Settings = unknown,
  InputSchema extends z.ZodType = z.ZodType,
  OptionsSchema extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly input: InputSchema;
  /** What a flow may set for all its inputs. */
  readonly options: OptionsSchema;
  /** Inputs with the same key are never in flight together and never overtake each other. */
  readonly orderKey: (input: z.output<InputSchema>) => string;
  readonly batch: BatchRule;
  /**
   * Merges an older and a newer waiting input of one order key into one with the same effect as sending
   * both in turn. Absent for event-like actions, whose inputs must each arrive.
   */
  readonly coalesce?: (
    older: z.output<InputSchema>,
    newer: z.output<InputSchema>,
    options: z.output<OptionsSchema>,
  ) => z.output<InputSchema>;
  /**
   * The older input without what a newer one of the same key, which another flow of this action sent with
   * `newerOptions`, has decided since. A replay asks, so as not to put back what was overwritten; when absent, it
   * merges the newer one in.
   */
  readonly yieldTo?: (
    older: z.output<InputSchema>,
    newer: z.output<InputSchema>,
    newerOptions: z.output<OptionsSchema>,
  ) => z.output<InputSchema>;
  /**
   * A key by which an input is sent at most once per connection and action, whatever is replayed or comes again: what
   * cannot be undone at the vendor, such as a conversion. The engine keeps the keys of what was delivered, and skips an
   * input whose key it knows. A crash between the answer and the record sends it twice, as does an answer that is lost, so
   * it should also carry an id by which the vendor drops repetitions, where the vendor takes one. `undefined` for an input that may
   * be sent any number of times.
   */
  readonly once?: (input: z.output<InputSchema>, options: z.output<OptionsSchema>) => string | undefined;
  /**
   * Whether an input needs no call, as far as the cache knows. Such inputs take no place in a batch, so that the calls
   * of batches carry as many changes as they can. Asked often, so cheap; and a hint: `deliver` decides.
   */
  readonly needsNoCall?: (
    input: z.output<InputSchema>,
    context: DeliverContext<Settings, z.output<OptionsSchema>>,
  ) => boolean;
  /**
   * How many of the `maxItems` places of a batch an input takes; 1 when absent. For inputs that need calls of their own
   * where others share one, so that no batch grows long. Asked as often as `needsNoCall`, so as cheap.
   */
  readonly places?: (
    input: z.output<InputSchema>,
    context: DeliverContext<Settings, z.output<OptionsSchema>>,
  ) => number;
  readonly deliver: (
    batch: readonly Item<z.output<InputSchema>>[],
    context: DeliverContext<Settings, z.output<OptionsSchema>>,
  ) => Steps<readonly Outcome[]>;
}

/** An action whose types the engine need not know: the registry checked them where they were defined. */
// The parameters of the functions are contravariant, so only `any` can stand for "some action".
// eslint-disable-next-line typescript/no-explicit-any -- see above
export type AnyAction = Omit<Action<any, any, any>, 'input' | 'options'> & {
  readonly input: z.ZodType;
  readonly options: z.ZodType;
};

/** Defines an action with the types of its schemas inferred. */
export function defineAction<Settings>() {
  return <InputSchema extends z.ZodType, OptionsSchema extends z.ZodType>(
    action: Action<Settings, InputSchema, OptionsSchema>,
  ): Action<Settings, InputSchema, OptionsSchema> => action;
}
