import { RollingWindow } from '../../core/index.ts';
import { EventDefinitionStore } from './event-definition.ts';

/** An event as `send` took it: checked as far as HubSpot checks before it answers. */
export interface SentEvent {
  readonly eventName: string;
  readonly email: string | undefined;
  readonly utk: string | undefined;
  readonly objectId: string | undefined;
  readonly uuid: string | undefined;
  readonly occurredAt: number;
  readonly properties: Readonly<Record<string, string>>;
}

/** An event at the record that it happened to. */
export interface Occurrence {
  readonly id: string;
  readonly eventName: string;
  readonly typeId: string;
  readonly objectId: string;
  readonly occurredAt: number;
  readonly properties: Readonly<Record<string, string>>;
}

export interface LostEvent {
  readonly event: SentEvent;
  readonly reason: string;
}

const SECOND_MS = 1_000;
// Enough to tell a test why an event is missing.
const LOST_KEPT = 1_000;

/** The custom events of a portal: definitions, what waits to be processed, what has happened to whom. */
export class EventStore {
  readonly definitions = new EventDefinitionStore();
  readonly sends = new RollingWindow(SECOND_MS);
  readonly lost: LostEvent[] = [];
  #queue: { readonly dueAt: number; readonly event: SentEvent }[] = [];
  readonly #byRecord = new Map<string, Occurrence[]>();
  /** Events of visitors whom nobody knows yet, by their cookie. */
  readonly #byVisitor = new Map<string, SentEvent[]>();
  readonly #uuids = new Set<string>();
  #month = { name: '', count: 0 };
  #made = 0;

  get waitingCount(): number {
    return this.#queue.length;
  }

  enqueue(event: SentEvent, dueAt: number): void {
    this.#queue.push({ dueAt, event });
  }

  /** Those whose time has come, in the order in which they were sent. */
  takeDue(now: number): SentEvent[] {
    const due = this.#queue.filter(({ dueAt }) => dueAt <= now);
    if (due.length > 0) this.#queue = this.#queue.filter(({ dueAt }) => dueAt > now);
    return due.map(({ event }) => event);
  }

  /** Counts events against the calendar month; false when they exceed it. */
  admitToMonth(count: number, now: number, max: number): boolean {
    const name = new Date(now).toISOString().slice(0, 'yyyy-mm'.length);
    if (this.#month.name !== name) this.#month = { name, count: 0 };
    if (this.#month.count + count > max) return false;
    this.#month.count += count;
    return true;
  }

  isRepeated({ eventName, uuid }: SentEvent): boolean {
    return uuid !== undefined && this.#uuids.has(`${eventName}\n${uuid}`);
  }

  add(event: SentEvent, typeId: string, objectId: string): Occurrence {
    this.#made += 1;
    if (event.uuid !== undefined) this.#uuids.add(`${event.eventName}\n${event.uuid}`);
    const occurrence: Occurrence = {
      id: event.uuid ?? `00000000-0000-7000-8000-${String(this.#made).padStart(12, '0')}`,
      eventName: event.eventName,
      typeId,
      objectId,
      occurredAt: event.occurredAt,
      properties: event.properties,
    };
    const key = `${typeId}:${objectId}`;
    const known = this.#byRecord.get(key);
    if (known === undefined) this.#byRecord.set(key, [occurrence]);
    else known.push(occurrence);
    return occurrence;
  }

  holdForVisitor(utk: string, event: SentEvent): void {
    this.#byVisitor.set(utk, [...(this.#byVisitor.get(utk) ?? []), event]);
  }

  /** A visitor is known from now on: the events that waited for that. */
  takeOfVisitor(utk: string): SentEvent[] {
    const held = this.#byVisitor.get(utk) ?? [];
    this.#byVisitor.delete(utk);
    return held;
  }

  lose(event: SentEvent, reason: string): void {
    this.lost.push({ event, reason });
    if (this.lost.length > LOST_KEPT) this.lost.shift();
  }

  of(typeId: string, objectId: string): readonly Occurrence[] {
    return this.#byRecord.get(`${typeId}:${objectId}`) ?? [];
  }

  *all(): Generator<Occurrence> {
    for (const occurrences of this.#byRecord.values()) yield* occurrences;
  }
}
