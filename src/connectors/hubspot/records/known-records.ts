/**
 * The no-op cache: what HubSpot acknowledged last, per record of one object type. It decides what need not be sent
 * and what need not be read; it never decides that a rule's "do not overwrite" may be skipped (decide-unread.ts), so
 * a stale entry can delay a write by a day at most and cannot cause a forbidden one.
 *
 * An entry is one text: two characters for the minute of the last acknowledgement, then per property one for its
 * number and four for its fingerprint.
 */
import type { ConnectionCache } from '../../../kit/index.ts';

/** What is known of one record. */
export interface KnownRecord {
  readonly id: string;
  /** The four characters kept under this name; `undefined` when nothing is known. */
  readonly packed: (name: string) => string | undefined;
}

// A day: a contact costs a read a day when it comes up again, and writes only between.
const AGE_MINUTES = 1_440;
// About 100 MB with ten properties and one key per record (measured on Node 20, 2026-11).
const RECORDS_MAX = 250_000;
// Longer than any entry's age: the whole is dropped only when the connection's cache needs the room.
const CACHE_MS = 30 * 86_400_000;
const MINUTE_MS = 60_000;

/** Where a key was seen to lead, and when. */
interface Lead {
  readonly id: string;
  readonly minute: number;
}

const HEAD = 2;
const SLOT = 5;

export class KnownRecords {
  readonly #numbers = new Map<string, number>();
  readonly #entries = new Map<string, string>();
  readonly #leads = new Map<string, Lead>();

  /** The records known to the cache; the same object for every batch of the connection. */
  static of(cache: ConnectionCache, type: string): KnownRecords {
    const key = `known-records:${type}`;
    const found = cache.get(key);
    const known = found instanceof KnownRecords ? found : new KnownRecords();
    // Written again at every use, for the cache drops first what was written longest ago.
    cache.set(key, known, CACHE_MS);
    return known;
  }

  /** The record that a key led to last, however long ago, even when nothing is known of its values any more. */
  idOf(key: string): string | undefined {
    return this.#leads.get(key)?.id;
  }

  /** The record of a key that was seen to lead there lately: somebody may have given it to another record since. */
  recentIdOf(key: string, nowMs: number): string | undefined {
    const lead = this.#leads.get(key);
    return lead === undefined || isOld(lead.minute, nowMs) ? undefined : lead.id;
  }

  find(id: string, nowMs: number): KnownRecord | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const minute = entry.charCodeAt(0) * 0x10000 + entry.charCodeAt(1);
    if (isOld(minute, nowMs)) {
      this.#entries.delete(id);
      return undefined;
    }
    return { id, packed: (name) => this.#slot(entry, name) };
  }

  /** Takes over what an answer has shown of a record; `undefined` means that a value is not known any more. */
  remember(id: string, values: ReadonlyMap<string, string | undefined>, nowMs: number): void {
    const minute = minuteOf(nowMs);
    let entry = String.fromCharCode(Math.floor(minute / 0x10000), minute & 0xffff);
    const before = this.find(id, nowMs) === undefined ? '' : (this.#entries.get(id) ?? '');
    const replaced = new Set([...values.keys()].map((name) => this.#numberOf(name)));
    for (let at = HEAD; at < before.length; at += SLOT) {
      if (!replaced.has(before.charCodeAt(at))) entry += before.slice(at, at + SLOT);
    }
    for (const [name, packed] of values) {
      if (packed !== undefined) entry += String.fromCharCode(this.#numberOf(name)) + packed;
    }
    // Flattened, for a text put together piece by piece would keep its pieces alive.
    put(this.#entries, id, flat(entry));
  }

  /** Changes one value without a new acknowledgement: the entry grows no younger by it. */
  correct(id: string, name: string, packed: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const number = this.#numberOf(name);
    for (let at = HEAD; at < entry.length; at += SLOT) {
      if (entry.charCodeAt(at) !== number) continue;
      this.#entries.set(id, flat(entry.slice(0, at + 1) + packed + entry.slice(at + SLOT)));
      return;
    }
    this.#entries.set(id, flat(entry + String.fromCharCode(number) + packed));
  }

  /** Takes over where an answer has shown a key to lead; a write by the record's id shows nothing of its keys. */
  rememberKey(key: string, id: string, nowMs: number): void {
    // Texts that are compared often are kept once: the id is the one that stands in the entries.
    put(this.#leads, flat(key), { id, minute: minuteOf(nowMs) });
  }

  forgetKey(key: string): void {
    this.#leads.delete(key);
  }

  /** Nothing is known of the record's values any more: the seam for webhooks, which name record ids. */
  invalidate(id: string): void {
    this.#entries.delete(id);
  }

  /** Something changed, and nobody knows what. */
  invalidateAll(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    // One character counts to 65,535; an account has a few thousand properties at most.
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  #slot(entry: string, name: string): string | undefined {
    const number = this.#numbers.get(name);
    if (number === undefined) return undefined;
    for (let at = HEAD; at < entry.length; at += SLOT) {
      if (entry.charCodeAt(at) === number) return entry.slice(at + 1, at + SLOT);
    }
    return undefined;
  }
}

function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS);
}

function isOld(minute: number, nowMs: number): boolean {
  return minuteOf(nowMs) - minute >= AGE_MINUTES;
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= RECORDS_MAX) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

// V8 keeps `a + b` as a pair of pointers until somebody looks at its characters; an index does.
function flat(text: string): string {
  text.charCodeAt(0);
  return text;
}
