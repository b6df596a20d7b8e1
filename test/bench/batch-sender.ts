/** Sends identify calls to Linchpin in batches, as a server library does, with little work per event of its own. */
import { Pool } from 'undici';
import { systemClock } from '../../src/kernel/clock.ts';
import { identifyCall } from './measure.ts';

// A library flushes at 100 calls or less; Segment takes 500 kB in one.
const BATCH_EVENTS = 100;

// People whose calls are made ready once and sent again and again under new ids.
const READY_CALLS = 5_000;

// How often a sender that is held back asks again.
const HELD_BACK_MS = 2;

export class BatchSender {
  readonly #pool: Pool;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #calls: readonly (readonly [before: string, after: string])[];
  #sentCount = 0;
  #acceptedCount = 0;

  constructor(url: string, writeKey: string, width: number) {
    this.#pool = new Pool(url, { connections: width });
    this.#headers = {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    };
    this.#calls = Array.from({ length: READY_CALLS }, (_, person) => {
      const { messageId, ...call } = identifyCall(person, 'sender');
      const text = JSON.stringify({ messageId, ...call });
      const id = String(messageId);
      const at = text.indexOf(id) + id.length;
      return [text.slice(0, at), text.slice(at)] as const;
    });
  }

  /** Events acknowledged so far. */
  get acceptedCount(): number {
    return this.#acceptedCount;
  }

  /** Sends one batch; when Linchpin asks to wait, waits. */
  async sendBatch(): Promise<void> {
    const first = this.#sentCount;
    this.#sentCount += BATCH_EVENTS;
    const calls = Array.from({ length: BATCH_EVENTS }, (_, index) => {
      const number = first + index;
      const [before, after] = this.#calls[number % READY_CALLS] ?? ['', ''];
      return `${before}-${String(number)}${after}`;
    });
    const body = `{"sentAt":"${new Date().toISOString()}","batch":[${calls.join(',')}]}`;
    for (;;) {
      const answer = await this.#pool.request({
        method: 'POST',
        path: '/v1/batch',
        headers: this.#headers,
        body,
      });
      const text = await answer.body.text();
      if (answer.statusCode === 200) break;
      if (answer.statusCode !== 429)
        throw new Error(`/v1/batch answered ${String(answer.statusCode)}: ${text}`);
      await systemClock.sleep(Number(answer.headers['retry-after'] ?? 1) * 1000);
    }
    this.#acceptedCount += BATCH_EVENTS;
  }

  /** Sends at a steady rate for a while. */
  async sendSteadily(eventsPerSecond: number, seconds: number): Promise<void> {
    const started = performance.now();
    const everyMs = (BATCH_EVENTS * 1000) / eventsPerSecond;
    const sending: Promise<void>[] = [];
    for (let call = 0; call * everyMs < seconds * 1000; call += 1) {
      await systemClock.sleep(started + call * everyMs - performance.now());
      sending.push(this.sendBatch());
    }
    await Promise.all(sending);
  }

  /** Sends as fast as `mayGo` allows, in `width` loops, until the signal aborts. */
  async sendWhile(mayGo: () => boolean, width: number, signal: AbortSignal): Promise<void> {
    const loop = async (): Promise<void> => {
      while (!signal.aborted) {
        if (mayGo()) await this.sendBatch();
        else await systemClock.sleep(HELD_BACK_MS);
      }
    };
    await Promise.all(Array.from({ length: width }, loop));
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
