import { RollingWindow } from '../core/index.ts';
import type { EmulatorContext } from '../core/index.ts';
import type { Hit, Violation } from './judge-hit.ts';

/** The look of an installation id: 24 hexadecimal digits (docs.subrite.no, read 2026-11). */
export const DEFAULT_INSTALLATION = '0123456789abcdef01234567';

export interface ReportLine extends Violation {
  readonly at: string;
  /** Method, path and query as they came. */
  readonly request: string;
}

/** A collector and what it has taken. */
export class KilkayaState {
  readonly context: EmulatorContext;
  readonly installations = new Set<string>([DEFAULT_INSTALLATION]);
  /** Every hit, sound or not, each as often as it came: nothing is known of any dropping of repetitions. */
  readonly hits: Hit[] = [];
  readonly report: ReportLine[] = [];
  soundCount = 0;
  callsPerSecond: number | null = null;
  readonly #calls = new RollingWindow(1000);

  constructor(context: EmulatorContext) {
    this.context = context;
  }

  /** Whether a call is beyond the limit, if one is set; the vendor publishes none. */
  isOverLimit(): boolean {
    const now = this.context.clock.now();
    if (this.callsPerSecond !== null && this.#calls.count(now) >= this.callsPerSecond) return true;
    this.#calls.add(now);
    return false;
  }
}
