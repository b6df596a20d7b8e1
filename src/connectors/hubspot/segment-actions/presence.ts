/** Segment's `@if` asks whether a value is there; Linchpin's conditions ask that of paths. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { placeholders } from './placeholders.ts';
import { segmentSteps, toPath } from './segment-path.ts';

/** `exists`: neither absent nor null. `blank`, in spite of its name: neither that nor empty. */
export type Presence = 'exists' | 'blank';

/** When the value that a directive gives is there: always, never, under a condition; `undefined` when none can say. */
export type When = boolean | JsonObject | undefined;

export function presenceOf(directive: JsonValue, presence: Presence): When {
  if (!isJsonObject(directive)) return isThere(directive, presence);
  const [name = '', value] = Object.entries(directive).find(([key]) => key.startsWith('@')) ?? [];
  switch (name) {
    case '@path':
      return typeof value === 'string' ? isThereAt(toPath(segmentSteps(value)), presence) : undefined;
    case '@template':
      return typeof value === 'string' ? presenceOfTemplate(value, presence) : undefined;
    case '@literal':
      return presenceOf(value ?? null, presence);
    case '@case':
      return isJsonObject(value) ? presenceOf(value['value'] ?? null, presence) : undefined;
    case '@if':
      return isJsonObject(value) ? presenceOfIf(value, presence) : undefined;
    case '':
      return true; // An object that is no directive.
    default:
      return undefined;
  }
}

/** The condition of an `@if` itself. */
export function conditionOf(options: JsonObject): When {
  const { exists, blank } = options;
  if (exists !== undefined) return presenceOf(exists, 'exists');
  return blank === undefined ? undefined : presenceOf(blank, 'blank');
}

export function both(one: When, other: When): When {
  if (one === false || other === false) return false;
  if (one === undefined || other === undefined) return undefined;
  if (one === true) return other;
  return other === true ? one : { all: [one, other] };
}

export function either(one: When, other: When): When {
  if (one === true || other === true) return true;
  if (one === undefined || other === undefined) return undefined;
  if (one === false) return other;
  return other === false ? one : { any: [one, other] };
}

export function opposite(when: When): When {
  return typeof when === 'boolean' ? !when : when === undefined ? undefined : { not: when };
}

function isThere(value: JsonValue, presence: Presence): boolean {
  return value !== null && (presence === 'exists' || !isLooselyEmpty(value));
}

// Segment compares with `!= ''`, which JavaScript also denies for these.
const LOOSELY_EMPTY: readonly JsonValue[] = ['', 0, false];

function isLooselyEmpty(value: JsonValue): boolean {
  return LOOSELY_EMPTY.includes(value);
}

function isThereAt(path: string, presence: Presence): JsonObject {
  const exists = { path, exists: true };
  return presence === 'exists' ? exists : { all: [exists, { path, not_equals_any_of: LOOSELY_EMPTY }] };
}

/** A template always gives text, which is empty when it is nothing but placeholders without a value. */
function presenceOfTemplate(template: string, presence: Presence): When {
  if (presence === 'exists') return true;
  const { texts, paths } = placeholders(template);
  if (texts.some((text) => text !== '')) return true;
  return paths.reduce<When>((when, path) => {
    const filled = {
      all: [
        { path, exists: true },
        { path, not_equals: '' },
      ],
    };
    return either(when, filled);
  }, false);
}

function presenceOfIf(options: JsonObject, presence: Presence): When {
  const condition = conditionOf(options);
  const then = options['then'] === undefined ? false : presenceOf(options['then'], presence);
  // A falsy `else` counts for nothing.
  const otherwise = options['else'] ? presenceOf(options['else'], presence) : false;
  return either(both(condition, then), both(opposite(condition), otherwise));
}
