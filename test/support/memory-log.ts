/** An event log in memory that drops duplicates like the real one, and fails or stands still when told to. */
import type { NewEvent } from '../../src/kernel/event.ts';
import type { AppendReceipt, EventLog } from '../../src/log/event-log.ts';

export class MemoryLog implements Pick<EventLog, 'append'> {
  readonly events: NewEvent[] = [];
  /** Thrown by every append until it is unset. */
  failure: Error | undefined;

  /** How many appends were asked for, whether they are through or not. */
  appendCount = 0;
  #still: Promise<void> = Promise.resolve();
  #goOn: () => void = () => undefined;

  /** Appends wait from now on, as if PostgreSQL hung. */
  standStill(): void {
    this.#still = new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  goOn(): void {
    this.#goOn();
  }

  async append(events: readonly NewEvent[]): Promise<AppendReceipt> {
    this.appendCount += 1;
    await this.#still;
    return this.#appendNow(events);
  }

  #appendNow(events: readonly NewEvent[]): Promise<AppendReceipt> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const ids = new Set(this.events.map((event) => event.id));
    const duplicateIds: string[] = [];
    for (const event of events) {
      if (ids.has(event.id)) duplicateIds.push(event.id);
      else this.events.push(event);
      ids.add(event.id);
    }
    return Promise.resolve({ appendedCount: events.length - duplicateIds.length, duplicateIds });
  }

  /** The payloads of all events, in order. */
  get payloads(): readonly Record<string, unknown>[] {
    return this.events.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  }
}
