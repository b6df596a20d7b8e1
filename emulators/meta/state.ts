import type { EmulatorContext } from '../core/index.ts';
import { RollingWindow } from '../core/index.ts';
import type { Remark } from './user-data.ts';

export const DEFAULT_DATASET = '1234567890123456';
export const DEFAULT_TOKEN = 'EAAemulator';

export interface Dataset {
  readonly id: string;
  readonly name: string;
}

export interface Token {
  /** Datasets that it may use; all when absent. */
  readonly datasets?: readonly string[] | undefined;
  readonly state: 'valid' | 'expired' | 'revoked';
}

export interface KeptEvent {
  readonly dataset: string;
  readonly event_name: string;
  readonly event_id: string | null;
  readonly receivedAt: string;
  readonly testEventCode: string | null;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Where Meta's behaviour is not documented, and the emulator has to choose. */
export interface Switches {
  /** Website events without `client_user_agent` are refused; false: remarked on. */
  requireUserAgent: boolean;
  /** Events that lie ahead of the emulator's time are refused. */
  refuseFuture: boolean;
}

const HOUR_MS = 3_600_000;
// "The same event_name and event_id … within 48 hours": "Handling duplicate events",
// developers.facebook.com/docs/marketing-api/conversions-api/deduplicate-pixel-and-server-events (read 2026-11).
const REPETITION_MS = 48 * HOUR_MS;

export class MetaState {
  readonly context: EmulatorContext;
  readonly datasets = new Map<string, Dataset>([
    [DEFAULT_DATASET, { id: DEFAULT_DATASET, name: 'Emulated' }],
  ]);
  readonly tokens = new Map<string, Token>([[DEFAULT_TOKEN, { state: 'valid' }]]);
  /** Events that count, repetitions left out. */
  readonly events: KeptEvent[] = [];
  /** Repetitions, which Meta takes and drops. */
  readonly repetitions: KeptEvent[] = [];
  readonly remarks: Remark[] = [];
  readonly switches: Switches = { requireUserAgent: true, refuseFuture: true };
  callsPerHour: number | null = null;
  readonly calls = new RollingWindow(HOUR_MS);
  readonly #newest = new Map<string, number>();

  constructor(context: EmulatorContext) {
    this.context = context;
  }

  nowMs(): number {
    return this.context.clock.now();
  }

  keep(event: KeptEvent): void {
    const key = JSON.stringify([event.dataset, event.event_name, event.event_id]);
    const first = event.event_id === null ? undefined : this.#newest.get(key);
    if (first !== undefined && this.nowMs() - first < REPETITION_MS) {
      this.repetitions.push(event);
      return;
    }
    this.#newest.set(key, this.nowMs());
    this.events.push(event);
  }
}
