import type { Call, CallResponse, Claim, ConnectionCache, Steps } from '../../src/kit/index.ts';

export interface DrivenSteps<Result> {
  readonly result: Result;
  readonly calls: readonly Call[];
  readonly claims: readonly Claim[];
}

/** Runs a generator to its end against a function that plays the vendor; a refused call must be one it accepts. */
export function driveSteps<Result>(
  steps: Steps<Result>,
  answer: (call: Call) => CallResponse,
  /** Whether claims are granted late, as if another batch had held one of the records. */
  onClaim: () => boolean = () => false,
): DrivenSteps<Result> {
  const calls: Call[] = [];
  const claims: Claim[] = [];
  let step = steps.next();
  while (step.done !== true) {
    if (step.value.kind === 'claim') {
      claims.push(step.value);
      step = steps.next({ kind: 'claimed', waited: onClaim() });
      continue;
    }
    if (step.value.kind !== 'call') {
      step = steps.next({ kind: 'claimed', waited: false });
      continue;
    }
    calls.push(step.value);
    const response = answer(step.value);
    if (response.status >= 300 && step.value.accept?.includes(response.status) !== true) {
      throw new Error(
        `${step.value.method} ${step.value.path} was answered ${String(response.status)}, which it does not accept.`,
      );
    }
    step = steps.next(response);
  }
  return { result: step.value, calls, claims };
}

/** A cache without time or bounds. */
export function aCache(): ConnectionCache {
  const entries = new Map<string, unknown>();
  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.set(key, value);
    },
    delete: (key) => {
      entries.delete(key);
    },
  };
}
