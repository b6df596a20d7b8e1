/** `$date`: a moment in the form that a vendor takes. */
import type { JsonValue } from '../../kernel/json.ts';
import { parseInstant } from '../instant.ts';
import { findZone } from '../zone.ts';
import type { Zone } from '../zone.ts';
import { isBlank } from './directive.ts';
import type { ReadDirective } from './directive.ts';
import { readChoice, readFitted } from './options.ts';

// As seconds, this is the year 5138; as milliseconds, 1973. Senders of either mean years in between.
const SECONDS_MAX = 1e11;
// The years that ISO 8601 writes with four digits.
const EARLIEST_MS = Date.parse('0000-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const DAY = /^\s*\d{4}-\d\d-\d\d\s*$/;

/**
 * Takes ISO 8601 and seconds or milliseconds since 1970; gives ISO 8601 in UTC, a day, milliseconds or seconds. `zone`
 * is where times without a zone belong, and whose days are meant; UTC when absent.
 */
export const readDate: ReadDirective = (written, place) => {
  const fitted = readFitted(written, place, ['as', 'zone']);
  if (fitted === undefined) return undefined;
  const { value, options, misfit } = fitted;
  const as = readChoice(options, 'as', ['iso', 'day', 'milliseconds', 'seconds'], place);
  const { zone: name = 'UTC' } = options;
  const zone = typeof name === 'string' ? findZone(name) : undefined;
  if (zone === undefined) {
    const remedy = 'Write an IANA name such as Europe/Stockholm.';
    return place.problems.add([...place.steps, 'zone'], 'The time zone is not known.', remedy);
  }
  return (scope) => {
    const found = value(scope);
    if (isBlank(found)) return undefined;
    // A day is the same day wherever it is meant, also where its midnight is skipped by a change of clocks.
    if (as === 'day' && typeof found === 'string' && DAY.test(found) && parseInstant(found) !== undefined) {
      return found.trim();
    }
    const ms = toMs(found, zone);
    if (ms === undefined || ms < EARLIEST_MS || ms > LATEST_MS) return misfit(scope, 'no date');
    switch (as) {
      case 'iso':
        return new Date(ms).toISOString();
      case 'day':
        return zone.dayOf(ms);
      case 'milliseconds':
        return ms;
      case 'seconds':
        return Math.floor(ms / 1_000);
    }
  };
};

function toMs(value: JsonValue, zone: Zone): number | undefined {
  if (typeof value === 'number') return Math.abs(value) < SECONDS_MAX ? value * 1_000 : value;
  if (typeof value !== 'string') return undefined;
  // Ten digits are seconds since 2001, thirteen milliseconds.
  if (/^\s*(\d{10}|\d{13})\s*$/.test(value)) return toMs(Number(value), zone);
  const instant = parseInstant(value);
  if (instant === undefined) return undefined;
  return instant.hasZone ? instant.ms : zone.fromWallClock(instant.ms);
}
