/**
 * Wakes other parts of Linchpin, in this process at once and in others through LISTEN/NOTIFY. A signal says
 * only that there is something to look at; whoever misses one looks by itself sooner or later, so losing a
 * signal costs time and never an event.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../kernel/clock.ts';

/** `log`: events were appended. `control`: connections, flows or parked inputs were changed by someone else. */
export type Topic = 'log' | 'control';

const CHANNEL = 'linchpin';

// A NOTIFY in every ingest transaction halves the rate of appends, since it takes a lock of the whole
// database at commit; one per 15 ms costs nothing measurable (PostgreSQL 18, 2026-11).
const NOTIFY_EVERY_MS = 15;

// How long to wait before listening again after the connection broke.
const RECONNECT_MS = 1_000;

export interface SignalsOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly workspaceId: number;
  readonly onError: (error: unknown) => void;
}

export class Signals {
  readonly #options: SignalsOptions;
  readonly #listeners: Record<Topic, Set<() => void>> = { log: new Set(), control: new Set() };
  readonly #sender = randomUUID();
  readonly #closed = new AbortController();
  readonly #notifying: Record<Topic, boolean> = { log: false, control: false };
  #listening: { readonly client: PoolClient; readonly release: (error: Error) => void } | undefined;

  constructor(options: SignalsOptions) {
    this.#options = options;
  }

  /** Starts hearing other processes; resolves when the first connection listens. */
  async listen(): Promise<void> {
    const client = await this.#options.pool.connect();
    let isReleased = false;
    const release = (error: Error): void => {
      if (isReleased) return;
      isReleased = true;
      client.release(error);
    };
    client.on('notification', ({ payload }) => {
      const [topic, workspaceId, sender] = (payload ?? '').split(':');
      if (topic !== 'log' && topic !== 'control') return;
      // What this process signalled has woken it already.
      if (Number(workspaceId) === this.#options.workspaceId && sender !== this.#sender) this.#wake(topic);
    });
    client.on('error', (error) => {
      release(error);
      // One that broke before it listened is the business of whoever called.
      if (this.#listening?.client !== client) return;
      this.#listening = undefined;
      if (!this.#closed.signal.aborted) void this.#listenAgain(error);
    });
    try {
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      release(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    if (this.#closed.signal.aborted) release(new Error('Signals are closed.'));
    else this.#listening = { client, release };
  }

  subscribe(topic: Topic, listener: () => void): () => void {
    this.#listeners[topic].add(listener);
    return () => this.#listeners[topic].delete(listener);
  }

  /** Wakes this process now and the others within some milliseconds. */
  publish(topic: Topic): void {
    this.#wake(topic);
    if (this.#notifying[topic] || this.#closed.signal.aborted) return;
    this.#notifying[topic] = true;
    void this.#notifySoon(topic);
  }

  close(): void {
    this.#closed.abort();
    this.#listening?.release(new Error('Signals are closed.'));
    this.#listening = undefined;
  }

  #wake(topic: Topic): void {
    for (const listener of this.#listeners[topic]) listener();
  }

  async #notifySoon(topic: Topic): Promise<void> {
    const { clock, pool, workspaceId, onError } = this.#options;
    await clock.sleep(NOTIFY_EVERY_MS, this.#closed.signal);
    this.#notifying[topic] = false;
    if (this.#closed.signal.aborted) return;
    try {
      await sendSignal(pool, topic, workspaceId, this.#sender);
    } catch (error) {
      // Others find the events when they poll.
      onError(error);
    }
  }

  async #listenAgain(reason: unknown): Promise<void> {
    this.#options.onError(reason);
    while (!this.#closed.signal.aborted) {
      await this.#options.clock.sleep(RECONNECT_MS, this.#closed.signal);
      if (this.#closed.signal.aborted) return;
      try {
        await this.listen();
        // Whatever was signalled while nobody listened.
        this.#wake('log');
        this.#wake('control');
        return;
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }
}

/** Sends one signal; processes that hold no `Signals`, such as commands, name no sender. */
export async function sendSignal(pool: Pool, topic: Topic, workspaceId: number, sender = ''): Promise<void> {
  await pool.query('select pg_notify($1, $2)', [CHANNEL, `${topic}:${String(workspaceId)}:${sender}`]);
}
