/**
 * How far a reader is done: the highest position up to which every event is finished or parked. Events finish
 * in any order; the mark moves only over an unbroken run.
 */
import type { Position } from '../kernel/event.ts';

export class Watermark {
  /** Positions read and not yet passed by the mark, in order, from `#first` on. */
  #positions: Position[] = [];
  #first = 0;
  /** Unfinished works of each position. */
  readonly #open = new Map<Position, number>();
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

  /** The newest event of which at least one work is settled, wherever the mark is. */
  get highestSettled(): Position {
    return this.#highestSettled;
  }

  /** Events read and not passed yet. */
  get pendingCount(): number {
    return this.#positions.length - this.#first;
  }

  /** An event was read and made `workCount` works; positions come in order. */
  read(position: Position, workCount: number): void {
    this.#positions.push(position);
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
      return;
    }
    this.#open.delete(position);
    this.#advance();
  }

  #advance(): void {
    for (;;) {
      const position = this.#positions[this.#first];
      if (position === undefined || this.#open.has(position)) break;
      this.#value = position;
      this.#first += 1;
    }
    // Half of the array is history: cut it, so that the cost per event stays constant.
    if (this.#first > this.#positions.length / 2) {
      this.#positions = this.#positions.slice(this.#first);
      this.#first = 0;
    }
  }
}
