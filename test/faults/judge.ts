/**
 * Judges a fault run by what the senders know was acknowledged and what the vendor's journal says it took. Of each
 * person, values 1, 2, 3 … are sent in this order. Delivery is at least once, so a value may come again after a
 * kill, with all that followed it; what must never happen is counted here. Pure.
 */
import { MARKS } from './vendor-journal.ts';
import type { VendorCall, VendorWrite } from './vendor-journal.ts';

interface Person {
  /** The last value that was acknowledged; all before it were too. */
  acknowledged: number;
  /** Every value up to here has reached the vendor. */
  arrivedUpTo: number;
  /** Values beyond that have. */
  readonly arrivedBeyond: Set<number>;
  highest: number;
  /** What the vendor holds now. */
  held: number;
}

export interface Verdict {
  /** Identify events that were answered with success. */
  readonly acknowledged: number;
  /** Of those, how many never reached the vendor. */
  readonly lost: number;
  /** All of the kinds below. */
  readonly orderViolations: number;
  /** A value reached the vendor for the first time after a later one had. */
  readonly overtaken: number;
  /** Two calls for one person were under way at once. */
  readonly overlaps: number;
  /** People of whom the vendor holds another value than the last one that it was ever given. */
  readonly stale: number;
  /** Values that reached the vendor, each time counted. */
  readonly deliveries: number;
  readonly duplicates: number;
  /** The first violations, in words. */
  readonly examples: readonly string[];
}

// Enough to begin a search with.
const EXAMPLES_MAX = 5;

export class Judge {
  readonly #people = new Map<number, Person>();
  #deliveries = 0;
  #duplicates = 0;
  #overtaken = 0;
  #overlaps = 0;
  #regressions = 0;
  #lastCallMs = 0;
  readonly #examples: string[] = [];

  acknowledge(person: number, value: number): void {
    const known = this.#person(person);
    known.acknowledged = Math.max(known.acknowledged, value);
  }

  observe(call: VendorCall): void {
    const { overlaps = [] } = call;
    this.#overlaps += overlaps.length;
    for (const person of overlaps) {
      this.#tell(`two calls for person ${String(person)}, the second from ${timeOf(call.arrivedMs)}`);
    }
    this.#lastCallMs = Math.max(this.#lastCallMs, call.tookEffectMs);
    for (const write of call.writes) this.#take(write, call);
  }

  /** Whether a person's next value fits in, so that its mark cannot hide one that has not arrived. */
  mayTake(person: number, value: number): boolean {
    return value - this.#person(person).arrivedUpTo < MARKS;
  }

  hasArrived(person: number, value: number): boolean {
    const known = this.#people.get(person);
    return known !== undefined && (value <= known.arrivedUpTo || known.arrivedBeyond.has(value));
  }

  /** Acknowledged events that the vendor has not got yet. */
  openCount(): number {
    let open = 0;
    for (const { acknowledged, arrivedUpTo, arrivedBeyond } of this.#people.values()) {
      if (acknowledged <= arrivedUpTo) continue;
      const early = [...arrivedBeyond].filter((value) => value <= acknowledged).length;
      open += acknowledged - arrivedUpTo - early;
    }
    return open;
  }

  /** The last acknowledged value of each person, to compare with later. */
  snapshot(): ReadonlyMap<number, number> {
    return new Map([...this.#people].map(([person, { acknowledged }]) => [person, acknowledged]));
  }

  /** Of the events of a snapshot, how many the vendor has not got yet. */
  openOf(snapshot: ReadonlyMap<number, number>): number {
    let open = 0;
    for (const [person, acknowledged] of snapshot) {
      open += Math.max(0, acknowledged - this.#person(person).arrivedUpTo);
    }
    return open;
  }

  /** People whose held value is an older one: passes by itself while values are on their way again. */
  staleCount(): number {
    return [...this.#people.values()].filter(({ held, highest }) => held !== highest).length;
  }

  /** Writes that set a person back to an older value, rightly or wrongly. */
  get regressionCount(): number {
    return this.#regressions;
  }

  get lastCallMs(): number {
    return this.#lastCallMs;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  get deliveries(): number {
    return this.#deliveries;
  }

  verdict(): Verdict {
    const stale = this.staleCount();
    return {
      acknowledged: [...this.#people.values()].reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      lost: this.openCount(),
      orderViolations: this.#overtaken + this.#overlaps + stale,
      overtaken: this.#overtaken,
      overlaps: this.#overlaps,
      stale,
      deliveries: this.#deliveries,
      duplicates: this.#duplicates,
      examples: this.#examples,
    };
  }

  #take({ person, last, values }: VendorWrite, { tookEffectMs }: VendorCall): void {
    const known = this.#person(person);
    const highestBefore = known.highest;
    for (const value of values) {
      this.#deliveries += 1;
      if (value <= known.arrivedUpTo || known.arrivedBeyond.has(value)) {
        this.#duplicates += 1;
        continue;
      }
      if (value < highestBefore) {
        this.#overtaken += 1;
        const place = `person ${String(person)}, value ${String(value)}`;
        this.#tell(`${place} came first at ${timeOf(tookEffectMs)}, after ${String(highestBefore)}`);
      }
      known.arrivedBeyond.add(value);
      known.highest = Math.max(known.highest, value);
    }
    while (known.arrivedBeyond.delete(known.arrivedUpTo + 1)) known.arrivedUpTo += 1;
    if (last < known.held) this.#regressions += 1;
    known.held = last;
  }

  #tell(example: string): void {
    if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(example);
  }

  #person(person: number): Person {
    let known = this.#people.get(person);
    if (known === undefined) {
      known = { acknowledged: 0, arrivedUpTo: 0, arrivedBeyond: new Set(), highest: 0, held: 0 };
      this.#people.set(person, known);
    }
    return known;
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
