import { INEXACT, inexactNumberIn } from '../inexact-number.ts';
import type { Property } from './property.ts';
import type { InputValue } from './record-input.ts';

/** Why a value cannot be written as it is; it is then left out and reported, never bent. */
export interface Unfit {
  readonly unfit: string;
}

const NOT_AN_OPTION: Unfit = { unfit: 'not one of the options' };
const NOT_A_NUMBER: Unfit = { unfit: 'not a number' };
const NOT_A_DATE: Unfit = { unfit: 'not a date' };
const NOT_A_BOOLEAN: Unfit = { unfit: 'neither true nor false' };
const HOLDS_SEPARATOR: Unfit = { unfit: 'an option holds ";", which separates options' };
const TOO_LONG: Unfit = { unfit: 'longer than 65,536 characters' };
const SEVERAL: Unfit = { unfit: 'several values for a property that holds one' };

// developers.hubspot.com, CRM properties: the longest text a property holds (read 2026-11).
const TEXT_CHARACTERS_MAX = 65_536;

export function isUnfit(value: string | Unfit): value is Unfit {
  return typeof value === 'object';
}

/**
 * The text that HubSpot wants for a value, by the property's type: https://developers.hubspot.com/docs/api-reference/latest/crm/properties
 * (read 2026-11). Clearing is the empty text. With `isGrowing`, options that do not exist yet are fit,
 * because they will be added.
 */
export function toPropertyValue(property: Property, value: InputValue, isGrowing: boolean): string | Unfit {
  if (value === null || value === '') return '';
  if (typeof value === 'object' && value.length === 0) return '';
  if (inexactNumberIn(value) !== undefined) return { unfit: INEXACT };
  switch (property.type) {
    case 'number':
      return toNumberText(value);
    case 'bool':
      return toBooleanText(property, value);
    case 'date':
      return toTimeText(value, DATE_CHARACTERS);
    case 'datetime':
      return toTimeText(value, undefined);
    case 'enumeration':
      return property.isMultiple
        ? toOptionList(property, value, isGrowing)
        : toOption(property, value, isGrowing);
    default:
      return toText(value);
  }
}

function toText(value: Exclude<InputValue, null>): string | Unfit {
  const text =
    typeof value === 'object'
      ? value.join(';')
      : typeof value === 'number'
        ? plainNumber(value)
        : String(value);
  return typeof text === 'string' && text.length > TEXT_CHARACTERS_MAX ? TOO_LONG : text;
}

// Digits and at most one point; separators and exponents are refused by HubSpot.
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

function toNumberText(value: Exclude<InputValue, null>): string | Unfit {
  if (typeof value === 'number') return plainNumber(value);
  if (typeof value !== 'string') return NOT_A_NUMBER;
  const text = value.trim();
  return NUMBER.test(text) ? text.replace('+', '') : NOT_A_NUMBER;
}

function plainNumber(value: number): string | Unfit {
  if (!Number.isFinite(value)) return NOT_A_NUMBER;
  const text = String(value);
  return text.includes('e') ? expand(value, text) : text;
}

// Below a millionth JavaScript writes exponents, which HubSpot does not read.
function expand(value: number, text: string): string | Unfit {
  // 100 is the most that toFixed takes (ECMA-262 section 21.1.3.3).
  const decimals = Number(text.split('e-')[1]) + text.replace(/e.*$/, '').replace(/^[^.]*\.?/, '').length;
  return decimals <= 100 ? value.toFixed(decimals) : NOT_A_NUMBER;
}

function toBooleanText(property: Property, value: Exclude<InputValue, null>): string | Unfit {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'string') return NOT_A_BOOLEAN;
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === 'false') return text;
  return property.options?.find(value) ?? NOT_A_BOOLEAN;
}

function toOption(property: Property, value: Exclude<InputValue, null>, isGrowing: boolean): string | Unfit {
  if (typeof value === 'object' && value.length > 1) return SEVERAL;
  const [text] = texts(value);
  if (text === undefined) return '';
  const option = property.options === null ? text : property.options.find(text);
  return option ?? (isGrowing ? text : NOT_AN_OPTION);
}

function toOptionList(
  property: Property,
  value: Exclude<InputValue, null>,
  isGrowing: boolean,
): string | Unfit {
  const options = new Set<string>();
  for (const text of optionTexts(value)) {
    if (text.includes(';')) return HOLDS_SEPARATOR;
    const option = property.options === null ? text : property.options.find(text);
    if (option === undefined && !isGrowing) return NOT_AN_OPTION;
    options.add(option ?? text);
  }
  return [...options].join(';');
}

/** The single options that a value for a multiple property names; a text is taken as HubSpot's own `a;b`. */
export function optionTexts(value: InputValue): readonly string[] {
  const parts = typeof value === 'string' ? value.split(';') : texts(value);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function texts(value: InputValue): readonly string[] {
  if (value === null || inexactNumberIn(value) !== undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}

const DATE_CHARACTERS = 10;
// ISO 8601 as JSON.stringify and Segment's libraries write it; the time zone may lack only with a bare date.
const ISO_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;
// Epoch milliseconds before March 1973 could as well be seconds, so they are not guessed at.
const EPOCH_MS_MIN = 100_000_000_000;
// The year 10000, where ISO 8601 changes its shape.
const EPOCH_MS_END = 253_402_300_800_000;

/** `YYYY-MM-DD` is midnight UTC to HubSpot, the only time of day that a date property takes. */
function toTimeText(value: Exclude<InputValue, null>, characters: number | undefined): string | Unfit {
  const ms = toEpochMs(value);
  if (ms === undefined) return NOT_A_DATE;
  if (typeof value === 'string' && value.length === characters) return value;
  const iso = new Date(ms).toISOString();
  return characters === undefined ? iso : iso.slice(0, characters);
}

export function toEpochMs(value: InputValue): number | undefined {
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^\d{12,14}$/.test(text)) return toEpochMs(Number(text));
    const parts = ISO_TIME.exec(text);
    if (parts === null || !isCalendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3])))
      return undefined;
    const ms = Date.parse(text.replace(' ', 'T'));
    return Number.isNaN(ms) ? undefined : ms;
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= EPOCH_MS_MIN && value < EPOCH_MS_END ? value : undefined;
}

// Date.parse turns 30 February into 2 March.
function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
