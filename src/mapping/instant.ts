/** Moments in time as events write them. */

// What ISO 8601 writes in practice: a date, optionally a time, optionally a zone.
const ISO_8601 =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?)?$/i;

export interface Instant {
  readonly ms: number;
  /** False for text without a zone, a day alone included: read as UTC, it may belong elsewhere. */
  readonly hasZone: boolean;
}

/** ISO 8601 as milliseconds since the epoch; `undefined` for everything else. */
export function parseInstant(text: string): Instant | undefined {
  const match = ISO_8601.exec(text.trim());
  if (match === null) return undefined;
  const [, day = '', time = '00:00', seconds = '00', fraction = '', z, offset, offsetMinutes = '00'] = match;
  const zone = offset === undefined ? 'Z' : `${offset}:${offsetMinutes}`;
  const ms = Date.parse(`${day}T${time}:${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
  // Date.parse takes the 31st of February for the 3rd of March.
  if (Number.isNaN(ms) || !isCalendarDay(day)) return undefined;
  return { ms, hasZone: z !== undefined || offset !== undefined };
}

function isCalendarDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['second', 1_000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['week', 7 * 86_400_000],
]);

/** `30 minutes`, `1 day`, `2 weeks`; `undefined` for everything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6}) (second|minute|hour|day|week)s?$/.exec(text.trim());
  const unitMs = UNITS_MS.get(match?.[2] ?? '');
  return unitMs === undefined ? undefined : Number(match?.[1]) * unitMs;
}
