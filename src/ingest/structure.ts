import type { JsonObject } from '../kernel/json.ts';
import { isJsonObject } from '../kernel/json.ts';
import { fieldPath, refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';

// Deeper than any payload seen from a real client (a checkout inside a product inside a snapshot reaches 8),
// and shallow enough that no recursion of a later reader runs out of stack.
export const DEPTH_MAX = 64;

// Text that PostgreSQL cannot hold (NUL, half a surrogate pair) enters JSON only through an escape, since the
// bytes of the body are known to be UTF-8; and so may letters of a forbidden key, in order to hide it.
const SUSPECT_TEXT = /\\u(?:00[0-7]|[dD][89a-fA-F])|__proto__|"(?:constructor|prototype)"/;

// Numbers beyond the range of a double become Infinity in JSON.parse and null when they are written again,
// and null means "clear this field" to a CRM.
const SUSPECT_NUMBER = /[:[,]\s*-?(?:\d{300}|[\d.]+[eE]\+?\d{3})/;

/**
 * Whether a body needs the thorough check item by item. False alarms only cost time, misses would be bugs.
 * Two regular expressions over a batch of 100 kB cost about 1 µs per event each; walking every value, 4 µs.
 */
export function isSuspect(bodyText: string): boolean {
  return SUSPECT_TEXT.test(bodyText) || SUSPECT_NUMBER.test(bodyText);
}

/** Refuses an item that the log or a later reader could not carry unchanged. */
export function findStructureFault(
  item: JsonObject,
  field: string,
  isThorough: boolean,
): Refusal | undefined {
  if (isThorough) return findDeepFault(item, field, DEPTH_MAX);
  return isDeeperThan(item, DEPTH_MAX) ? refuseDepth(field) : undefined;
}

function isDeeperThan(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const child of Object.values(value) as readonly unknown[]) {
    if (typeof child === 'object' && child !== null && isDeeperThan(child, levels - 1)) return true;
  }
  return false;
}

function refuseDepth(field: string): Refusal {
  return refuse('ingest.nesting_too_deep', field, `It is nested deeper than ${String(DEPTH_MAX)} levels.`);
}

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function findDeepFault(value: unknown, field: string, levels: number): Refusal | undefined {
  if (typeof value === 'string') return findTextFault(value, field);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return refuse('ingest.number_out_of_range', field, 'The number is too large to be kept.');
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return refuseDepth(field);
  if (Array.isArray(value)) {
    for (const [index, child] of value.entries()) {
      const fault = findDeepFault(child, fieldPath(field, index), levels - 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  for (const [key, child] of Object.entries(value)) {
    const childField = fieldPath(field, key);
    if (FORBIDDEN_KEYS.has(key)) {
      return refuse('ingest.key_forbidden', childField, `The key ${key} is not allowed at any level.`);
    }
    const fault = findTextFault(key, childField) ?? findDeepFault(child, childField, levels - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findTextFault(text: string, field: string): Refusal | undefined {
  if (text.includes('\0')) {
    return refuse('ingest.text_invalid', field, 'The text holds a NUL character (\\u0000).');
  }
  if (!text.isWellFormed()) {
    return refuse(
      'ingest.text_invalid',
      field,
      'The text holds half of a surrogate pair, which is no character.',
    );
  }
  return undefined;
}

/** A refused item as JSON text to keep: without the write key, and cut where it is too deep to be written. */
export function toKeptText(item: unknown): string {
  const kept = isJsonObject(item) ? { ...item, writeKey: undefined } : item;
  const isDeep = typeof kept === 'object' && kept !== null && isDeeperThan(kept, DEPTH_MAX);
  return JSON.stringify(isDeep ? cutBelow(kept, DEPTH_MAX) : kept);
}

function cutBelow(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '(cut: nested too deep)';
  if (Array.isArray(value)) return value.map((child) => cutBelow(child, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, cutBelow(child, levels - 1)]));
}
