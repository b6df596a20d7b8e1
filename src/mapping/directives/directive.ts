/** What a directive is: it is read once, with everything that is wrong with it, and is a function from then on. */
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import type { Problems, Steps } from '../problem.ts';

/** What a mapping sees while it is evaluated. */
export interface Scope {
  /** The document that paths begin at: the event, or the item of the `$each` around. */
  readonly item: JsonValue;
  readonly event: JsonObject;
  /** What "within last" and the like count from. */
  readonly nowMs: number;
  /** What was left out, for the record; never with a value of the event. */
  readonly notes: string[];
  /** How many more items `$each` may make, shared by all of them. */
  readonly budget: { items: number };
}

/** The compiled form. `undefined` is the absence of a value: its key, or its place in a list, is left out. */
export type Evaluate = (scope: Scope) => JsonValue | undefined;

/** Where a directive stands while it is read. */
export interface Place {
  /** Ends with the directive's own key. */
  readonly steps: Steps;
  readonly problems: Problems;
  /** Reads a part of the directive, which may be a directive itself. */
  readonly read: (json: unknown, ...steps: Steps) => Evaluate | undefined;
}

/** Reads what is written under the directive's key. */
export type ReadDirective = (written: unknown, place: Place) => Evaluate | undefined;

/** Thrown by an evaluation that cannot go on; the mapping makes a fault of it. */
export class MappingStop extends Error {
  readonly steps: Steps;

  constructor(steps: Steps, message: string) {
    super(message);
    this.steps = steps;
  }
}

/** Absent, null, or text without a sign. */
export function isBlank(value: JsonValue | undefined): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}
