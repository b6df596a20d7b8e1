import type { ErrorCode } from '../kernel/error-codes.ts';

/**
 * Why one item of a call was not taken; its neighbours are not touched by it. A class, because what it is
 * told apart from is the sender's own object, which may hold any key.
 */
export class Refusal {
  readonly code: ErrorCode;
  /** Where in the request, e.g. `batch[3].event`; empty for the body as a whole. */
  readonly field: string;
  /** One sentence about the shape of the item; never a value of it. */
  readonly message: string;

  constructor(code: ErrorCode, field: string, message: string) {
    this.code = code;
    this.field = field;
    this.message = message;
  }
}

export function refuse(code: ErrorCode, field: string, message: string): Refusal {
  return new Refusal(code, field, message);
}

// A key is shown in full up to here; senders that put data into keys make them arbitrarily long.
const KEY_SHOWN_MAX = 100;

/** The path of a value below `parent`, always printable: odd keys are quoted and escaped. */
export function fieldPath(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${String(key)}]`;
  if (!/^[\w$-]{1,100}$/.test(key)) return `${parent}[${JSON.stringify(key.slice(0, KEY_SHOWN_MAX))}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

/** A refused item as it is kept for the operator of the source to see. */
export interface RejectedEvent {
  readonly workspaceId: number;
  readonly source: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  /** The item as JSON. */
  readonly body: string;
}
