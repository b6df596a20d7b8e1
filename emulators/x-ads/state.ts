import type { EmulatorContext } from '../core/index.ts';

export const DEFAULT_PIXEL = 'o8z6j';
export const DEFAULT_EVENT = 'o87ne';
/** The keys that the emulator knows from the start. */
export const DEFAULT_KEYS = {
  consumerKey: 'ck',
  consumerSecret: 'cs',
  token: 'tk',
  tokenSecret: 'ts',
} as const;
export const DEFAULT_PIXEL_TOKEN = 'pixel-token';

export interface User {
  readonly secret: string;
  /** Only the first two may report conversions. */
  readonly role: 'ACCOUNT_ADMIN' | 'AD_MANAGER' | 'ANALYST';
}

/** `SET`: a tag of a single event, the only kind that takes conversions. */
export type TagType = 'SET' | 'UWT';

export interface Conversion {
  readonly pixel: string;
  readonly event_id: string;
  readonly conversion_id: string | null;
  readonly receivedAt: string;
  readonly conversion: Readonly<Record<string, unknown>>;
}

/** Where X's behaviour is not documented, or is documented twice. */
export interface Switches {
  /** Calls signed further from the emulator's time are refused; null: any time will do. */
  clockSkewMsMax: number | null;
  /** What the allowance counts; the pages of X disagree. */
  counts: 'events' | 'requests';
  /** Fields that no page of X names are refused. */
  refuseUnknownFields: boolean;
}

const WINDOW_MS = 900_000;

export class XAdsState {
  readonly context: EmulatorContext;
  readonly accountId = '18ce54d4x5t';
  readonly consumers = new Map<string, string>([[DEFAULT_KEYS.consumerKey, DEFAULT_KEYS.consumerSecret]]);
  readonly users = new Map<string, User>([
    [DEFAULT_KEYS.token, { secret: DEFAULT_KEYS.tokenSecret, role: 'AD_MANAGER' }],
  ]);
  /** Token → its pixel. */
  readonly pixelTokens = new Map<string, string>([[DEFAULT_PIXEL_TOKEN, DEFAULT_PIXEL]]);
  /** Pixel → its event tags. */
  readonly pixels = new Map<string, ReadonlyMap<string, TagType>>([
    [DEFAULT_PIXEL, new Map<string, TagType>([[DEFAULT_EVENT, 'SET']])],
  ]);
  /** Those that count, repetitions left out. */
  readonly conversions: Conversion[] = [];
  readonly repetitions: Conversion[] = [];
  readonly nonces = new Set<string>();
  readonly switches: Switches = { clockSkewMsMax: null, counts: 'events', refuseUnknownFields: true };
  /** In a quarter of an hour. */
  allowance = 60_000;
  #windowStartMs = 0;
  #used = 0;
  readonly #known = new Set<string>();

  constructor(context: EmulatorContext) {
    this.context = context;
  }

  nowMs(): number {
    return this.context.clock.now();
  }

  /** False when the window has no room for so many. */
  spend(count: number): boolean {
    this.#turn();
    if (this.#used + count > this.allowance) return false;
    this.#used += count;
    return true;
  }

  /** Of the present window. */
  rate(): { readonly limit: number; readonly remaining: number; readonly resetMs: number } {
    this.#turn();
    const remaining = Math.max(0, this.allowance - this.#used);
    return { limit: this.allowance, remaining, resetMs: this.#windowStartMs + WINDOW_MS };
  }

  keep(conversion: Conversion): void {
    const key = JSON.stringify([conversion.event_id, conversion.conversion_id]);
    if (conversion.conversion_id !== null && this.#known.has(key)) this.repetitions.push(conversion);
    else this.conversions.push(conversion);
    this.#known.add(key);
  }

  #turn(): void {
    const startMs = Math.floor(this.nowMs() / WINDOW_MS) * WINDOW_MS;
    if (startMs === this.#windowStartMs) return;
    this.#windowStartMs = startMs;
    this.#used = 0;
  }
}
