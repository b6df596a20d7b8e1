/** What is wrong with a mapping or a condition as it was written, at the place where it must be put right. */
export type Steps = readonly (string | number)[];

export interface Problem {
  /** Where, from the root of what was parsed: `properties.phone.$phone`; empty for the root itself. */
  readonly path: string;
  readonly steps: Steps;
  /** What was found. */
  readonly message: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** What parsing gives: the thing, or everything that is wrong with it. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function formatSteps(steps: Steps): string {
  return steps.map((step, index) => formatStep(step, index === 0)).join('');
}

function formatStep(step: string | number, isFirst: boolean): string {
  if (typeof step === 'number') return `[${String(step)}]`;
  // A key that holds marks of the path itself is quoted, so that the path can be read back.
  if (step === '' || /[.[\]'"]/.test(step)) return `[${JSON.stringify(step)}]`;
  return isFirst ? step : `.${step}`;
}

/** Collects problems while something is parsed, so that all of them are told at once. */
export class Problems {
  readonly found: Problem[] = [];

  add(steps: Steps, message: string, remedy: string): undefined {
    this.found.push({ path: formatSteps(steps), steps, message, remedy });
    return undefined;
  }

  /** What was parsed, unless something was wrong with it. */
  outcome<Value>(value: Value | undefined): Parsed<Value> {
    if (this.found.length > 0) return { ok: false, problems: this.found };
    if (value === undefined) throw new TypeError('Nothing was parsed, and nothing is wrong with it.');
    return { ok: true, value };
  }
}
