import { isJsonObject } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { EmulatorContext } from '../core/index.ts';
import { validateHit } from './validate-hit.ts';
import type { Violation } from './violations.ts';

export interface Stream {
  readonly measurementId: string;
  readonly apiSecret: string;
}

export const DEFAULT_STREAM: Stream = { measurementId: 'G-EMULATOR1', apiSecret: 'emulator-secret' };

/** What became of one call of `/mp/collect`, which Google tells nobody. */
export interface Hit {
  readonly at: string;
  readonly measurementId: string;
  readonly clientId: string | null;
  readonly events: readonly string[];
  readonly fate: 'counted' | 'dropped';
  /** Why it was dropped, when not for its violations. */
  readonly reason?: string;
  readonly isPulledForward: boolean;
  readonly violations: readonly Violation[];
}

/** A purchase as reports show it: once per user, however often it was sent. */
export interface Purchase {
  readonly measurementId: string;
  readonly clientId: string;
  readonly userId: string | null;
  /** The time it is counted at, ISO 8601. */
  readonly at: string;
  readonly params: JsonObject;
  /** How often it came again and was dropped for that. */
  repeats: number;
}

const WINDOW_MS = 72 * 3_600_000;

/** The web streams of a property, and what reached them. */
export class AnalyticsState {
  readonly #context: EmulatorContext;
  readonly streams = new Map<string, Stream>([[DEFAULT_STREAM.measurementId, DEFAULT_STREAM]]);
  readonly hits: Hit[] = [];
  readonly purchases = new Map<string, Purchase>();
  /** 204 in every account that was seen; older clients were written for 200 (2026-11). */
  collectStatus: 200 | 204 = 204;

  constructor(context: EmulatorContext) {
    this.#context = context;
  }

  validate(query: URLSearchParams, bytes: Buffer) {
    return validateHit(query, bytes, this.#context.clock.now());
  }

  /** Takes a hit in, whatever it is. One with a violation counts for nothing; Google may count a part of it. */
  collect(query: URLSearchParams, bytes: Buffer): void {
    const { body, violations, isPulledForward } = this.validate(query, bytes);
    const measurementId = query.get('measurement_id') ?? '';
    const refusal = this.#refusalOf(measurementId, query.get('api_secret') ?? '');
    const isCounted = violations.length === 0 && refusal === undefined && body !== undefined;
    const events = eventsOf(body);
    this.hits.push({
      at: new Date(this.#context.clock.now()).toISOString(),
      measurementId,
      clientId: textOf(body?.['client_id']),
      events: events.map((event) => textOf(event['name']) ?? '?'),
      fate: isCounted ? 'counted' : 'dropped',
      ...(refusal === undefined ? {} : { reason: refusal }),
      isPulledForward,
      violations,
    });
    if (!isCounted) return;
    for (const event of events) {
      if (event['name'] === 'purchase') this.#count(measurementId, body, event);
    }
  }

  #refusalOf(measurementId: string, secret: string): string | undefined {
    const stream = this.streams.get(measurementId);
    if (stream === undefined) return 'no such stream';
    return stream.apiSecret === secret ? undefined : 'wrong api_secret';
  }

  #count(measurementId: string, body: JsonObject, event: JsonObject): void {
    const params = isJsonObject(event['params']) ? event['params'] : {};
    const clientId = textOf(body['client_id']) ?? '';
    const userId = textOf(body['user_id']);
    const key = JSON.stringify([measurementId, userId ?? clientId, params['transaction_id']]);
    const known = this.purchases.get(key);
    if (known !== undefined) {
      known.repeats += 1;
      return;
    }
    const at = new Date(this.#countedAt(body)).toISOString();
    this.purchases.set(key, { measurementId, clientId, userId, at, params, repeats: 0 });
  }

  #countedAt({ timestamp_micros }: JsonObject): number {
    const nowMs = this.#context.clock.now();
    if (timestamp_micros === undefined) return nowMs;
    return Math.max(Number(timestamp_micros) / 1_000, nowMs - WINDOW_MS);
  }
}

function eventsOf(body: JsonObject | undefined): readonly JsonObject[] {
  const events: unknown = body?.['events'];
  return Array.isArray(events) ? events.filter((event) => isJsonObject(event)) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
