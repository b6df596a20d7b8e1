/**
 * What an earlier owner of a reader, or of the readers it was made from, had finished beyond the cursor. Those
 * events are read again and passed over, so that they are not sent twice. Pure.
 */
import type { Position } from '../kernel/event.ts';
import type { DoneRange } from '../store/queries/cursors.ts';

export class Inherited {
  #ranges: readonly DoneRange[];
  #last: Position;

  constructor(ranges: readonly DoneRange[]) {
    this.#ranges = ranges;
    this.#last = Math.max(0, ...ranges.map(({ last }) => last));
  }

  has(position: Position, slot: number): boolean {
    if (position > this.#last) return false;
    return this.#ranges.some(
      ({ slotFrom, slotTo, first, last }) =>
        slot >= slotFrom && slot < slotTo && position >= first && position <= last,
    );
  }

  /** The ranges that still matter to whoever reads from `cursor` on. */
  beyond(cursor: Position): readonly DoneRange[] {
    if (cursor >= this.#last) return [];
    this.#ranges = this.#ranges.filter(({ last }) => last > cursor);
    return this.#ranges;
  }
}
