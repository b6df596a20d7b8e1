import type { Call, CallResponse } from './call.ts';

/** What a vendor's answer says about a limit right now. */
export interface LimitReading {
  /** Calls allowed per window, when the vendor states it. */
  readonly calls?: number;
  /** Calls still free in the present window. */
  readonly remaining?: number;
}

/**
 * A limit of the vendor, as data. A call that several limits apply to waits for all of them.
 * `calls` in any span of `perMs`, never more; the engine spreads calls evenly inside it.
 */
export interface Limit {
  readonly name: string;
  readonly calls: number;
  readonly perMs: number;
  readonly appliesTo: (call: Call) => boolean;
  /** Reads the vendor's headers, so that other users of the same account are noticed. */
  readonly read?: (response: CallResponse) => LimitReading | undefined;
  /**
   * True for a rate of our own: nobody there counts, so that a call counts when it leaves. A vendor counts it at some
   * moment on its way, and it holds its place until a window after its answer.
   */
  readonly isOurs?: boolean;
  /** Where the vendor documents it. */
  readonly source: string;
}

/** A rate of our own, for a vendor that publishes none; `source` says where that was looked for. */
export function politeLimit(callsPerSecond: number, source: string): Limit {
  return { name: 'polite', calls: callsPerSecond, perMs: 1000, appliesTo: () => true, isOurs: true, source };
}
