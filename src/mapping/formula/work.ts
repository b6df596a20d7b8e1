/**
 * What one evaluation of a formula may do. Work is counted, not timed: the same event then ends the same way on every
 * machine, however busy it is. The prices are such that all the work there is takes well under 100 ms
 * (decisions/0009, adversarial.test.ts).
 */

// One unit is about what JSONata takes to look at one node of a formula: 1 to 3 µs once it is warm, up to 12 µs in a
// process that has just started (decisions/0009). Five hundred products of an event can be gone through.
const UNITS_MAX = 5_000;

// Frames of a formula inside each other. Each call of a function of its own takes four to six.
const DEPTH_MAX = 150;

// Every step passes through all frames around it, so that one inside a hundred is a dozen times as dear.
const FRAMES_PER_UNIT = 8;

// What may be done with a value (compared, printed, asked whether it is true) goes through so many of its nodes, or
// through so many of its characters, in the time of one unit.
const NODES_PER_UNIT = 16;
const CHARACTERS_PER_UNIT = 256;

/** The longest text that may come up on the way: events have 32 kB, and vendors take less. */
const CHARACTERS_MAX = 100_000;
/** The largest value that may come up on the way; the largest event has some 5,000 nodes. */
const NODES_MAX = 20_000;

/** Thrown when a bound is reached; says which. */
export class BoundReached extends Error {}

export class Work {
  #left = UNITS_MAX;
  #depth = 0;

  /** Before an evaluation; the last one may have ended anywhere. */
  begin(): void {
    this.#left = UNITS_MAX;
    this.#depth = 0;
  }

  enter(): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new BoundReached('it is nested too deep, or calls itself without end');
    this.spend(1 + this.#depth / FRAMES_PER_UNIT);
  }

  leave(): void {
    this.#depth -= 1;
  }

  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new BoundReached('it takes too many steps');
  }

  /** Charges for a value that is handed on, times `times`, and refuses one that has grown too large. */
  weigh(value: unknown, times = 1): void {
    if (typeof value === 'string') {
      this.allowCharacters(value.length);
      this.spend((value.length * times) / CHARACTERS_PER_UNIT);
    } else if (typeof value === 'object' && value !== null) {
      const nodes = nodesOf(value);
      this.allowNodes(nodes);
      this.spend((nodes * times) / NODES_PER_UNIT);
    }
  }

  allowCharacters(count: number): void {
    if (count > CHARACTERS_MAX) {
      throw new BoundReached(`it makes text of more than ${String(CHARACTERS_MAX)} characters`);
    }
  }

  allowNodes(count: number): void {
    if (count > NODES_MAX) {
      throw new BoundReached(`it makes a value of more than ${String(NODES_MAX)} parts`);
    }
  }
}

// What was counted once. Values share parts, so that forty steps can make one that would take years to walk through;
// with this, counting one takes as long as making it did.
const counted = new WeakMap<object, number>();

/** How many nodes a walk through a value meets; long texts count for more than one. */
function nodesOf(value: unknown): number {
  if (typeof value === 'string') return 1 + (value.length * NODES_PER_UNIT) / CHARACTERS_PER_UNIT;
  if (typeof value !== 'object' || value === null || isFunction(value)) return 1;
  const known = counted.get(value);
  if (known !== undefined) return known;
  let nodes = 1;
  for (const each of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) {
    nodes += nodesOf(each);
  }
  counted.set(value, nodes);
  return nodes;
}

/** JSONata's functions are objects that lead to their environment, and nothing walks through them. */
function isFunction(value: object): boolean {
  return '_jsonata_lambda' in value || '_jsonata_function' in value;
}
