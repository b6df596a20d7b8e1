/**
 * Wakes other parts of Linchpin, in this process at once and in others through LISTEN/NOTIFY. A signal says
 * only that there is something to look at; whoever misses one looks by itself sooner or later, so losing a
 * signal costs time and never an event.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import type { Db } from './db.ts';

/**
 * `log`: events were appended. `control`: connections, flows or parked inputs were changed by someone else. `leases`: a
 * worker came, or left something for others to read.
 */
const TOPICS = ['log', 'control', 'leases'] as const;
export type Topic = (typeof TOPICS)[number];

/** Stands for every workspace in a signal; PostgreSQL counts their ids from 1. */
export const EVERY_WORKSPACE = 0;

/** Hears of one workspace, or of `EVERY_WORKSPACE`. */
export type Listener = (workspaceId: number) => void;

const CHANNEL = 'linchpin';

// A NOTIFY in every ingest transaction halves the rate of appends, since it takes a lock of the whole
// database at commit; one per 15 ms costs nothing measurable (PostgreSQL 18, 2026-11).
const NOTIFY_EVERY_MS = 15;

// How long to wait before listening again after the connection broke.
const RECONNECT_MS = 1_000;

export interface SignalsOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export class Signals {
  readonly #options: SignalsOptions;
  readonly #listeners: Record<Topic, Set<Listener>> = {
    log: new Set(),
    control: new Set(),
    leases: new Set(),
  };
  readonly #sender = randomUUID();
  readonly #closed = new AbortController();
  /** Topics and workspaces of which others will hear within some milliseconds. */
  readonly #notifying = new Set<string>();
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
      const [name, workspaceId, sender] = (payload ?? '').split(':');
      const topic = TOPICS.find((known) => known === name);
      // What this process signalled has woken it already.
      if (topic !== undefined && sender !== this.#sender) this.#wake(topic, Number(workspaceId));
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

  subscribe(topic: Topic, listener: Listener): () => void {
    this.#listeners[topic].add(listener);
    return () => this.#listeners[topic].delete(listener);
  }

  /** Wakes this process now and the others within some milliseconds. */
  publish(topic: Topic, workspaceId: number): void {
    this.#wake(topic, workspaceId);
    const name = `${topic}:${String(workspaceId)}`;
    if (this.#notifying.has(name) || this.#closed.signal.aborted) return;
    this.#notifying.add(name);
    void this.#notifySoon(topic, workspaceId, name);
  }

  close(): void {
    this.#closed.abort();
    this.#listening?.release(new Error('Signals are closed.'));
    this.#listening = undefined;
  }

  #wake(topic: Topic, workspaceId: number): void {
    for (const listener of this.#listeners[topic]) listener(workspaceId);
  }

  async #notifySoon(topic: Topic, workspaceId: number, name: string): Promise<void> {
    const { clock, pool, onError } = this.#options;
    await clock.sleep(NOTIFY_EVERY_MS, this.#closed.signal);
    this.#notifying.delete(name);
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
        for (const topic of TOPICS) this.#wake(topic, EVERY_WORKSPACE);
        return;
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }
}

/** Sends one signal; processes that hold no `Signals`, such as commands, name no sender. */
export async function sendSignal(db: Db, topic: Topic, workspaceId: number, sender = ''): Promise<void> {
  await db.query('select pg_notify($1, $2)', [CHANNEL, `${topic}:${String(workspaceId)}:${sender}`]);
}
