/**
 * Wakes other parts of Linchpin, in this process at once and in others through LISTEN/NOTIFY. A signal says
 * only that there is something to look at, and at most which; whoever misses one looks by itself sooner or later, so
 * losing a signal costs time and never an event.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import type { Db } from './db.ts';

/**
 * `log`: events were appended. `control`: connections, flows or parked inputs were changed by someone else. `leases`: a
 * worker came, or left something for others to read. `records`: somebody else changed records at a vendor, which the
 * details name.
 */
const TOPICS = ['log', 'control', 'leases', 'records'] as const;
export type Topic = (typeof TOPICS)[number];

/** Stands for every workspace in a signal; PostgreSQL counts their ids from 1. */
export const EVERY_WORKSPACE = 0;

/** Hears of one workspace, or of `EVERY_WORKSPACE`; of each detail by itself, of a signal without any once. */
export type Listener = (workspaceId: number, detail: string) => void;

const CHANNEL = 'linchpin';

// A NOTIFY in every ingest transaction halves the rate of appends, since it takes a lock of the whole
// database at commit; one per 15 ms costs nothing measurable (PostgreSQL 18, 2026-11).
const NOTIFY_EVERY_MS = 15;

// PostgreSQL takes payloads of less than 8,000 bytes (its manual, NOTIFY); the rest is for topic and sender.
const DETAILS_BYTES_MAX = 7_500;
const DETAIL_SEPARATOR = '\n';

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
    records: new Set(),
  };
  readonly #sender = randomUUID();
  readonly #closed = new AbortController();
  /** Topics and workspaces of which others will hear within some milliseconds, with what is to be said of each. */
  readonly #notifying = new Map<string, Set<string>>();
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
      const [, name, workspaceId, sender, details = ''] =
        /^(.*?):(.*?):(.*?)(?::(.*))?$/s.exec(payload ?? '') ?? [];
      const topic = TOPICS.find((known) => known === name);
      // What this process signalled has woken it already.
      if (topic === undefined || sender === this.#sender) return;
      for (const detail of details.split(DETAIL_SEPARATOR)) this.#wake(topic, Number(workspaceId), detail);
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

  /** Wakes this process now and the others within some milliseconds. A detail is one short line. */
  publish(topic: Topic, workspaceId: number, detail = ''): void {
    this.#wake(topic, workspaceId, detail);
    const name = `${topic}:${String(workspaceId)}`;
    const details = this.#notifying.get(name) ?? new Set();
    if (detail !== '') details.add(detail);
    if (this.#notifying.has(name) || this.#closed.signal.aborted) return;
    this.#notifying.set(name, details);
    void this.#notifySoon(topic, workspaceId, name);
  }

  close(): void {
    this.#closed.abort();
    this.#listening?.release(new Error('Signals are closed.'));
    this.#listening = undefined;
  }

  #wake(topic: Topic, workspaceId: number, detail: string): void {
    for (const listener of this.#listeners[topic]) listener(workspaceId, detail);
  }

  async #notifySoon(topic: Topic, workspaceId: number, name: string): Promise<void> {
    const { clock, pool, onError } = this.#options;
    await clock.sleep(NOTIFY_EVERY_MS, this.#closed.signal);
    const details = this.#notifying.get(name) ?? [];
    this.#notifying.delete(name);
    if (this.#closed.signal.aborted) return;
    try {
      for (const text of joined([...details])) {
        await sendSignal(pool, topic, workspaceId, this.#sender, text);
      }
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
        for (const topic of TOPICS) this.#wake(topic, EVERY_WORKSPACE, '');
        return;
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }
}

/** Details put together into as few texts as they fit in; one without any when there are none. */
function joined(details: readonly string[]): readonly string[] {
  const texts: string[] = [];
  let text = '';
  for (const detail of details) {
    const longer = text === '' ? detail : `${text}${DETAIL_SEPARATOR}${detail}`;
    if (text !== '' && Buffer.byteLength(longer) > DETAILS_BYTES_MAX) {
      texts.push(text);
      text = detail;
    } else text = longer;
  }
  return [...texts, text];
}

/** Sends one signal; processes that hold no `Signals`, such as commands, name no sender. */
export async function sendSignal(
  db: Db,
  topic: Topic,
  workspaceId: number,
  sender = '',
  details = '',
): Promise<void> {
  const about = details === '' ? '' : `:${details}`;
  await db.query('select pg_notify($1, $2)', [CHANNEL, `${topic}:${String(workspaceId)}:${sender}${about}`]);
}
