/**
 * Cuts the slots of a connection into another number of shards. For every event, the new cursors say finished exactly
 * when the old ones did, so nothing is sent again and nothing is left out. Pure.
 */
import type { DoneRange, Progress } from '../store/queries/cursors.ts';

/** How far one shard is. */
export interface ShardCursor extends Progress {
  readonly slots: { readonly from: number; readonly to: number };
}

/** The cursors of `count` shards that together read what the old ones read; the slots start at 0 and have no gap. */
export function recut(cursors: readonly ShardCursor[], count: number): readonly ShardCursor[] {
  const slotCount = Math.max(...cursors.map(({ slots }) => slots.to));
  return Array.from({ length: count }, (_, shard) => {
    const from = Math.floor((shard * slotCount) / count);
    const to = Math.floor(((shard + 1) * slotCount) / count);
    const overlapping = cursors.filter(({ slots }) => slots.from < to && slots.to > from);
    const position = Math.min(...overlapping.map((cursor) => cursor.position));
    const done = overlapping.flatMap((cursor) =>
      [
        { slotFrom: cursor.slots.from, slotTo: cursor.slots.to, first: position + 1, last: cursor.position },
        ...cursor.done,
      ].flatMap((range) =>
        within(range, Math.max(from, cursor.slots.from), Math.min(to, cursor.slots.to), position),
      ),
    );
    return { slots: { from, to }, position, done: joined(done) };
  });
}

/** The part of a range that lies in the slots and after the position. */
function within(range: DoneRange, from: number, to: number, position: number): readonly DoneRange[] {
  const part = {
    slotFrom: Math.max(range.slotFrom, from),
    slotTo: Math.min(range.slotTo, to),
    first: Math.max(range.first, position + 1),
    last: range.last,
  };
  return part.slotFrom < part.slotTo && part.first <= part.last ? [part] : [];
}

/** Fewer ranges for the same events: neighbouring slots with equal positions become one range. */
function joined(ranges: readonly DoneRange[]): readonly DoneRange[] {
  const result: DoneRange[] = [];
  const sorted = ranges.toSorted((a, b) => a.first - b.first || a.last - b.last || a.slotFrom - b.slotFrom);
  for (const range of sorted) {
    const before = result.at(-1);
    const isNeighbour =
      before?.slotTo === range.slotFrom && before.first === range.first && before.last === range.last;
    if (isNeighbour) result[result.length - 1] = { ...before, slotTo: range.slotTo };
    else result.push(range);
  }
  return result;
}
