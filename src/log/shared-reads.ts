/**
 * Reads that several readers of one process share: connections read the same events, mostly at the same moment, and
 * each would fetch and parse them again. A reader whose place lies within an earlier read gets the rest of that one.
 * Events never change, so what was read stays true; it only says nothing of what came after, and so what is shared
 * never stands for the end of the log.
 */
import type { Position } from '../kernel/event.ts';
import type { ReadEvent, SlotRange } from './event-log.ts';

/** A read that gives fewer events has looked at the end of the log just now; one that gives as many may be shared. */
export const READ_ENOUGH = 64;

// A dozen readers in step are some reads apart at the most. Events weigh some three times their text in memory.
const READS_KEPT = 16;
const CHARACTERS_KEPT_MAX = 8 * 1024 * 1024;

// While nobody asks twice, only places are remembered and no events: keeping those that one reader alone reads costs
// the collector of garbage more than anything else on their way.
const KEEP_AFTER_REPEAT = 100;

interface Place {
  readonly position: Position;
  readonly slots: SlotRange;
}

interface Kept extends Place {
  readonly events: Promise<readonly ReadEvent[]> | undefined;
  /** The position of its last event; `undefined` while it is under way. */
  last: Position | undefined;
  size: number;
}

export class SharedReads {
  /** The newest last. */
  #kept: Kept[] = [];
  #keepCount = 0;

  /** The events after a place: of an earlier read, or of `load`. Those of an earlier read may be fewer than there are. */
  async read(
    place: Place,
    fits: (events: readonly ReadEvent[]) => readonly ReadEvent[],
    load: () => Promise<readonly ReadEvent[]>,
  ): Promise<readonly ReadEvent[]> {
    const earlier = this.#kept.findLast((kept) => covers(kept, place));
    if (earlier !== undefined) this.#keepCount = KEEP_AFTER_REPEAT;
    if (earlier?.events !== undefined) {
      const rest = fits(await restOf(earlier.events, place.position));
      if (rest.length >= READ_ENOUGH) return rest;
    }
    return this.#load(place, load);
  }

  async #load(place: Place, load: () => Promise<readonly ReadEvent[]>): Promise<readonly ReadEvent[]> {
    const loading = load();
    const isKept = this.#keepCount > 0;
    if (isKept) this.#keepCount -= 1;
    const kept: Kept = { ...place, events: isKept ? loading : undefined, last: undefined, size: 0 };
    this.#kept.push(kept);
    try {
      const events = await loading;
      kept.last = events.at(-1)?.position;
      kept.size = isKept ? events.reduce((sum, { size }) => sum + size, 0) : 0;
      if (events.length < READ_ENOUGH) this.#forget(kept);
      else this.#trim();
      return events;
    } catch (error) {
      this.#forget(kept);
      throw error;
    }
  }

  #forget(kept: Kept): void {
    this.#kept = this.#kept.filter((each) => each !== kept);
  }

  #trim(): void {
    let size = this.#kept.reduce((sum, kept) => sum + kept.size, 0);
    while (this.#kept.length > READS_KEPT || size > CHARACTERS_KEPT_MAX)
      size -= this.#kept.shift()?.size ?? 0;
  }
}

function covers(kept: Kept, { position, slots }: Place): boolean {
  if (kept.slots.from !== slots.from || kept.slots.to !== slots.to) return false;
  // One under way is waited for only by those who would ask for the same.
  if (kept.last === undefined) return kept.position === position;
  return kept.position <= position && position < kept.last;
}

async function restOf(
  events: Promise<readonly ReadEvent[]>,
  position: Position,
): Promise<readonly ReadEvent[]> {
  try {
    const all = await events;
    const first = all.findIndex((event) => event.position > position);
    return first === 0 ? all : first === -1 ? [] : all.slice(first);
  } catch {
    // Whoever fetched it hears of the failure; the others try for themselves.
    return [];
  }
}
