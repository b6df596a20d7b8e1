/** The unit that moves through a reader: an input for an action, with the events it was made from. */
import type { Position } from '../kernel/event.ts';
import type { Flow } from '../flows/workspace.ts';
import type { Priority } from '../kernel/priority.ts';

/** What reads events and hears of each when it is through: the live log, or a replay. */
export interface Lane {
  readonly priority: Priority;
  /** The event's share in one work is finished or parked. */
  finish(position: Position): void;
}

/** How parts leave the queue for good. */
export type Fate = 'delivered' | 'skipped' | 'parked' | 'dead';

/** One event's share in an input. */
export interface Part {
  readonly lane: Lane;
  /** The event's hash slot. */
  readonly slot: number;
  readonly position: Position;
  /** Set by a replay: its input holds what came later too, up to this position, and stays behind that when parked. */
  readonly place?: Position | undefined;
  readonly eventId: string;
  readonly eventType: string;
  readonly input: unknown;
  /** Attempts spent so far. */
  readonly attempts: number;
  /** What the mapping left out or changed. */
  readonly notes: readonly string[];
}

export interface Work {
  readonly flow: Flow;
  /** Order key of the input within its action; see `orderKeyOf`. */
  readonly key: string;
  readonly input: unknown;
  /** Oldest first; more than one when inputs of one key were merged. */
  readonly parts: readonly [Part, ...Part[]];
  readonly readAtMs: number;
  /** That of its lane, or of what waits behind it: nothing live waits for a replay. */
  readonly priority: Priority;
  /** True when the parts have rows in the parked table. */
  readonly isParked: boolean;
  /** True when it must not be merged again: merged with others it was rejected. */
  readonly isAlone: boolean;
}

/** The key under which inputs keep their order: actions have separate key spaces. */
export function orderKeyOf(flow: Flow, input: unknown): string {
  const { action } = flow.preset;
  return toStorable(`${action.id} ${action.orderKey(input)}`);
}

// Half of the time that a key took went into looking for what hardly any text holds (2026-11).
const UNSTORABLE = /[\0\uD800-\uDFFF]/;

/** Text as PostgreSQL can keep it, which knows neither NUL nor half a surrogate pair. */
export function toStorable(text: string): string {
  if (!UNSTORABLE.test(text)) return text;
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

export function newWork(
  flow: Flow,
  part: Part,
  readAtMs: number,
  key: string = orderKeyOf(flow, part.input),
): Work {
  return {
    flow,
    key,
    input: part.input,
    parts: [part],
    readAtMs,
    priority: part.lane.priority,
    isParked: false,
    isAlone: false,
  };
}

/** The parts of a merged work as works of their own, to be tried one by one. */
export function separate(work: Work): readonly Work[] {
  return work.parts.map((part) => ({ ...work, input: part.input, parts: [part], isAlone: true }));
}

/** Merges works of one key and flow, oldest first, as their action defines it. */
export function merge(older: Work, newer: Work): Work {
  const { action } = older.flow.preset;
  if (action.coalesce === undefined) throw new TypeError(`Inputs of ${action.id} cannot be merged.`);
  return {
    ...older,
    input: action.coalesce(older.input, newer.input, older.flow.options),
    parts: [...older.parts, ...newer.parts],
  };
}

export function canMerge(older: Work, newer: Work): boolean {
  return (
    older.flow === newer.flow &&
    older.isParked === newer.isParked &&
    !older.isAlone &&
    !newer.isAlone &&
    older.flow.preset.action.coalesce !== undefined
  );
}
