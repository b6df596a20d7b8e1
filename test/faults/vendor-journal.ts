/**
 * What the vendor of the fault runs did, one line of JSON per call, written before the call is answered. The file
 * outlives the process: it is the vendor's memory after a kill, and what the run is judged by.
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, truncateSync } from 'node:fs';

/** The properties that an event of a run writes. Their names say what they hold. */
export const PERSON = 'fault_person';
export const LAST = 'fault_last';

/**
 * Each value has a property of its own besides the last one, so that merged inputs still show every value that went
 * into them. The names come round again after this many; senders wait before they would overtake themselves.
 */
export const MARKS = 16;

export function markOf(value: number): string {
  return `fault_mark_${String(value % MARKS)}`;
}

export const PROPERTIES: readonly string[] = [
  PERSON,
  LAST,
  ...Array.from({ length: MARKS }, (_none, value) => markOf(value)),
];

/** One contact of one call that the vendor took. */
export interface VendorWrite {
  readonly person: number;
  readonly last: number;
  /** The values whose marks were written, in ascending order. */
  readonly values: readonly number[];
}

export interface VendorCall {
  /** Milliseconds since the epoch: when it arrived, when it took effect. */
  readonly arrivedMs: number;
  readonly tookEffectMs: number;
  readonly writes: readonly VendorWrite[];
  /** People of whom another call was under way. */
  readonly overlaps?: readonly number[];
}

/** Cuts off a line that a kill left unfinished; what is left ends with a whole line. */
export function repairJournal(path: string): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
}

export function readJournal(path: string): readonly VendorCall[] {
  return existsSync(path) ? parseLines(readFileSync(path, 'utf8')) : [];
}

/** Reads on from where it stopped, whole lines only. */
export class JournalFollower {
  readonly #path: string;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
  }

  next(): readonly VendorCall[] {
    if (!existsSync(this.#path)) return [];
    const file = openSync(this.#path, 'r');
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#position));
      const read = readSync(file, bytes, 0, bytes.length, this.#position);
      const end = bytes.subarray(0, read).lastIndexOf(0x0a) + 1;
      this.#position += end;
      return parseLines(bytes.subarray(0, end).toString('utf8'));
    } finally {
      closeSync(file);
    }
  }
}

function parseLines(text: string): readonly VendorCall[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as VendorCall);
}
