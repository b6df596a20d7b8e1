import type { FieldType } from './customizations.ts';
import { invalid } from './problems.ts';
import type { Version } from './problems.ts';

export type Value = string | readonly string[];

const FORMS: Partial<Record<FieldType, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  datetime: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  time: /^\d\d:\d\d:\d\d$/,
};

/** Checks a value against its field; the empty text empties a field of any type. */
export function readValue(version: Version, name: string, type: FieldType, given: unknown): Value {
  const wrong = (): never => invalid(version, name, `The value is no ${type}.`);
  if (given === '') return type === 'multiple' ? [] : '';
  if (type === 'multiple') {
    // v3 takes text for every field.
    if (version === 'v3' && typeof given === 'string') return [given];
    return Array.isArray(given) && given.every((one): one is string => typeof one === 'string')
      ? given
      : wrong();
  }
  const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given;
  if (typeof text !== 'string') return wrong();
  const form = FORMS[type];
  if (form !== undefined && (!form.test(text) || isNoDay(text))) return wrong();
  if (type === 'json' && !isJson(text)) return wrong();
  return text;
}

/** 30 February has the form of a date. */
function isNoDay(text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
  if (day === undefined) return false;
  const atMs = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(day);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // What does not parse is the caller's to refuse.
    return false;
  }
}
