// What ISO 8601 writes in practice: a date, optionally a time, optionally a zone.
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?<zone>Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

// The form that JavaScript clients send; skipping the expression for it saves half of the cost.
const ISO_UTC_LENGTH = '2026-11-21T05:12:00.000Z'.length;

/** Milliseconds since the epoch, or `undefined` when the value is no ISO 8601 date. Without a zone it is UTC. */
export function parseTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const isPlain = value.length === ISO_UTC_LENGTH && value.endsWith('Z') && value[4] === '-';
  const ms = Date.parse(isPlain ? value : (toParsable(value) ?? ''));
  return Number.isNaN(ms) ? undefined : ms;
}

/** The form that Date.parse reads the same on every machine: it would take a missing zone as the local one. */
function toParsable(value: string): string | undefined {
  const match = ISO_8601.exec(value.trim());
  if (match === null) return undefined;
  const text = match[0].toUpperCase().replace(' ', 'T').replace(',', '.');
  if (!text.includes('T')) return text; // A date alone is UTC by ECMAScript.
  const zone = match.groups?.['zone'];
  if (zone === undefined) return `${text}Z`;
  if (zone.toUpperCase() === 'Z') return text;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${text.slice(0, -zone.length)}${zone.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

// Segment takes no events from before 1970 (Engage, segment.com/docs, read 2026-11), and PostgreSQL reads no
// ISO year of more than four digits.
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

export interface SentTimes {
  /** When it happened by the sender's clock; `undefined` when the sender does not say. */
  readonly givenMs: number | undefined;
  /** When it was sent by the sender's clock. */
  readonly sentAtMs: number | undefined;
  /** When it arrived by ours. */
  readonly receivedAtMs: number;
}

/**
 * When it happened by our clock: Segment's rule, `receivedAt − (sentAt − timestamp)`. Without `sentAt` the
 * given time stands, which historic imports rely on. `undefined` when the result is no time that can be kept.
 */
export function correctedTime({ givenMs, sentAtMs, receivedAtMs }: SentTimes): number | undefined {
  if (givenMs === undefined) return receivedAtMs;
  const ms = sentAtMs === undefined ? givenMs : receivedAtMs - (sentAtMs - givenMs);
  return ms >= 0 && ms <= LATEST_MS ? ms : undefined;
}
