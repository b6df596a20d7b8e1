import type { z } from 'zod';
import type { EventType, LoggedEvent } from '../kernel/event.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Action, AnyAction } from './action.ts';

/** Which events a flow is for; all that are given must hold. */
export interface When {
  readonly types: readonly EventType[];
  /** Exact event names; absent means every name. */
  readonly names?: readonly string[];
}

/**
 * What a mapping makes of an event: an input for the action, or the reason why there is none. One that `failed` is a
 * rejected outcome, and can be replayed when the mapping is mended.
 */
export type Mapped<Input> =
  | { readonly kind: 'input'; readonly input: Input; readonly notes?: readonly string[] }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** A flow that ships with a connector: when → map → action. */
export interface Preset<
  InputSchema extends z.ZodType = z.ZodType,
  OptionsSchema extends z.ZodType = z.ZodType,
> {
  /** `<connector>/<name>`, as written in linchpin.yaml. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  // Settings are the connector's own business; a preset only needs the action's input and options.
  // eslint-disable-next-line typescript/no-explicit-any -- see above
  readonly action: Action<any, InputSchema, OptionsSchema>;
  readonly when: When;
  /** Options of the action that the preset sets; a flow in linchpin.yaml may override them one by one. */
  readonly options: z.input<OptionsSchema>;
  /** Pure: the same event always gives the same answer. */
  readonly map: (event: LoggedEvent, options: z.output<OptionsSchema>) => Mapped<z.output<InputSchema>>;
}

// eslint-disable-next-line typescript/no-explicit-any -- as for AnyAction
export type AnyPreset = Omit<Preset<any, any>, 'action'> & { readonly action: AnyAction };

/** Defines a preset with its types inferred from its action. */
export function definePreset<InputSchema extends z.ZodType, OptionsSchema extends z.ZodType>(
  preset: Preset<InputSchema, OptionsSchema>,
): Preset<InputSchema, OptionsSchema> {
  return preset;
}
