/**
 * Keys of a line whose head may be sent. As a rule in the order in which they became ready; those that became so late,
 * because something of theirs was in flight, go where their events stand in the log.
 */
import type { Position } from '../kernel/event.ts';

interface Late {
  readonly key: string;
  readonly position: Position;
}

export class ReadyKeys {
  readonly #usual = new Map<string, Position>();
  /** By position. */
  readonly #late: Late[] = [];

  get size(): number {
    return this.#usual.size + this.#late.length;
  }

  /** The keys in order; each may be deleted as soon as it has been yielded. */
  *[Symbol.iterator](): Generator<string> {
    const late = this.#lateKeys();
    let next = late.next();
    for (const [key, position] of this.#usual) {
      for (; next.done !== true && next.value.position < position; next = late.next()) yield next.value.key;
      yield key;
    }
    for (; next.done !== true; next = late.next()) yield next.value.key;
  }

  /** At the end. */
  add(key: string, position: Position): void {
    this.#usual.set(key, position);
  }

  /** Before the first that stands later in the log. */
  addByAge(key: string, position: Position): void {
    // Most of them come in the order of the log, and leave from the front.
    const before = this.#late.findLastIndex((other) => other.position < position);
    this.#late.splice(before + 1, 0, { key, position });
  }

  delete(key: string): void {
    if (this.#usual.delete(key)) return;
    const at = this.#late.findIndex((other) => other.key === key);
    if (at >= 0) this.#late.splice(at, 1);
  }

  *#lateKeys(): Generator<Late> {
    for (let at = 0; at < this.#late.length;) {
      const late = this.#late[at] as Late;
      yield late;
      if (this.#late[at] === late) at += 1;
    }
  }
}
