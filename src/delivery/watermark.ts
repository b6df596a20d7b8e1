/**
 * How far a reader is done: the highest position up to which every event is finished or parked, and what is
 * beyond it. Events finish in any order; the mark moves only over an unbroken run.
 */
import type { Position } from '../kernel/event.ts';

/** Events in a row, both ends inclusive, that are all finished. */
export interface Stretch {
  readonly first: Position;
  readonly last: Position;
}

export class Watermark {
  /** Positions read and not yet passed by the mark, in order, from `#first` on. */
  #positions: Position[] = [];
  /** The size in memory of each of them. */
  #sizes: number[] = [];
  #first = 0;
  #pendingBytes = 0;
  /** Unfinished works of each position. */
  readonly #open = new Map<Position, number>();
  /** Those of which some works are finished and some are not. */
  readonly #begun = new Set<Position>();
  #value: Position;
  #highestSettled: Position;

  constructor(start: Position) {
    this.#value = start;
    this.#highestSettled = start;
  }

  /** Everything up to here, this position included, is finished. */
  get value(): Position {
    return this.#value;
  }

  /** Events read and not passed yet. */
  get pendingCount(): number {
    return this.#positions.length - this.#first;
  }

  /** What `read` said of the size of those. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** An event was read and made `workCount` works; positions come in order. */
  read(position: Position, workCount: number, bytes = 0): void {
    this.#positions.push(position);
    this.#sizes.push(bytes);
    this.#pendingBytes += bytes;
    if (workCount > 0) this.#open.set(position, workCount);
    this.#advance();
  }

  /** One work of the position is settled. Positions that were never read here (parked ones) are ignored. */
  finish(position: Position): void {
    const open = this.#open.get(position);
    if (open === undefined) return;
    this.#highestSettled = Math.max(this.#highestSettled, position);
    if (open > 1) {
      this.#open.set(position, open - 1);
      this.#begun.add(position);
      return;
    }
    this.#open.delete(position);
    this.#begun.delete(position);
    this.#advance();
  }

  /** True when some works of the event are finished and some are not. */
  isBegun(position: Position): boolean {
    return this.#begun.has(position);
  }

  /** What is finished beyond the mark: the longest `limit` stretches, in order. */
  doneBeyond(limit: number): readonly Stretch[] {
    const stretches: (Stretch & { readonly count: number })[] = [];
    // Nothing that was settled lies beyond, so nothing can be finished there but what no flow wanted.
    if (this.#highestSettled <= this.#value) return stretches;
    let start: Position | undefined;
    let last: Position = 0;
    let count = 0;
    const close = (): void => {
      if (start !== undefined) stretches.push({ first: start, last, count });
      start = undefined;
      count = 0;
    };
    for (let index = this.#first; index < this.#positions.length; index += 1) {
      const position = this.#positions[index] as Position; // Within the array.
      if (position > this.#highestSettled) break;
      if (this.#open.has(position)) {
        close();
      } else {
        start ??= position;
        last = position;
        count += 1;
      }
    }
    close();
    if (stretches.length <= limit) return stretches;
    const longest = stretches.toSorted((a, b) => b.count - a.count).slice(0, limit);
    return longest.sort((a, b) => a.first - b.first);
  }

  #advance(): void {
    for (;;) {
      const position = this.#positions[this.#first];
      if (position === undefined || this.#open.has(position)) break;
      this.#value = position;
      this.#pendingBytes -= this.#sizes[this.#first] ?? 0;
      this.#first += 1;
    }
    // Half of the array is history: cut it, so that the cost per event stays constant.
    if (this.#first > this.#positions.length / 2) {
      this.#positions = this.#positions.slice(this.#first);
      this.#sizes = this.#sizes.slice(this.#first);
      this.#first = 0;
    }
  }
}
