import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

/** An option of a command, in the words of commander: `--port <n>`. */
export interface Flag {
  readonly flag: string;
  readonly description: string;
  readonly fallback?: string;
}

/** What a command is run with. */
export interface Invocation {
  /** Positional arguments, in order; a variadic one takes the rest. */
  readonly args: readonly string[];
  /** Values of the flags by their camel-case names: text, or true for one without a value. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly output: Output;
}

/** One command, one file. */
export interface Command {
  /** As typed after `linchpin`, e.g. `dead-letters retry`. */
  readonly name: string;
  readonly summary: string;
  /** Positional arguments in the words of commander: `<connection>`, `[event]`, `<vendor...>`. */
  readonly args?: readonly (readonly [argument: string, description: string])[];
  readonly flags?: readonly Flag[];
  /** Lines that can be typed as they stand. */
  readonly examples: readonly string[];
  /** Heavy modules are imported inside, so that `--help` stays quick. */
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

/** A flag that holds text, or `undefined` when it was not given. */
export function textFlag({ flags }: Invocation, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}
