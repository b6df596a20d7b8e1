import type { JsonValue } from '../../../kernel/json.ts';
import { INEXACT, inexactNumberIn } from '../inexact-number.ts';
import { isUnfit, toEpochMs } from '../records/property-value.ts';
import type { Unfit } from '../records/property-value.ts';
import type { EventProperty } from './definitions.ts';

// developers.hubspot.com, custom events, limits (read 2026-11): over HTTP a longer value fails the event.
const VALUE_CHARACTERS_MAX = 256;
const ADDRESS_CHARACTERS_MAX = 1_024;
const ADDRESS = /url|referrer|link/;

/**
 * The text that HubSpot takes for a value of an event, since it takes nothing but text. Text stays as it is to the
 * letter, leading zeros, blanks and the empty text included. Lists of plain values are joined by `;`, which is how
 * HubSpot writes several values; other lists, and objects, become JSON. What does not fit the property's type is left out.
 */
export function toEventValue(property: EventProperty, value: JsonValue): string | Unfit {
  if (inexactNumberIn(value) !== undefined) return { unfit: INEXACT };
  const text = byType(property, value);
  if (isUnfit(text)) return text;
  const max = ADDRESS.test(property.name) ? ADDRESS_CHARACTERS_MAX : VALUE_CHARACTERS_MAX;
  return text.length > max ? { unfit: `longer than ${String(max)} characters` } : text;
}

function byType(property: EventProperty, value: JsonValue): string | Unfit {
  if (value === null) return { unfit: 'null, which an event cannot hold' };
  switch (property.type) {
    case 'number':
      return toNumber(value);
    case 'bool':
      return toFlag(value);
    case 'enumeration':
      return toOption(property, value);
    case 'date':
    case 'datetime':
      return toTime(value);
    default:
      return toText(value);
  }
}

function toText(value: Exclude<JsonValue, null>): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  const isPlain =
    Array.isArray(value) && value.every((entry) => typeof entry !== 'object' && !String(entry).includes(';'));
  return isPlain ? value.map(String).join(';') : JSON.stringify(value);
}

// Digits and at most one point; exponents, as JavaScript writes them below a millionth, are refused by HubSpot.
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Text only when it is the number and nothing else: `01234` as a number would lose its zero. */
function toNumber(value: JsonValue): string | Unfit {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return NUMBER.test(text) && String(Number(text)) === text ? text : { unfit: 'not a number' };
}

function toFlag(value: JsonValue): string | Unfit {
  if (typeof value === 'boolean') return String(value);
  return value === 'true' || value === 'false' ? value : { unfit: 'neither true nor false' };
}

/** An event holds one option of a property, given by value or by label. */
function toOption({ options }: EventProperty, value: Exclude<JsonValue, null>): string | Unfit {
  if (Array.isArray(value) && value.length > 1)
    return { unfit: 'several values for a property that holds one' };
  const text = toText(value);
  return options.get(text) ?? options.get(text.trim().toLowerCase()) ?? { unfit: 'not one of the options' };
}

function toTime(value: JsonValue): string | Unfit {
  const isTime = (typeof value === 'string' || typeof value === 'number') && toEpochMs(value) !== undefined;
  return isTime ? String(value) : { unfit: 'not a date' };
}
