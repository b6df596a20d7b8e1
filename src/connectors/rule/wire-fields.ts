import type { Fault } from '../../kernel/outcome.ts';
import type { FieldType, InputValue, SubscriberInput, SubscriberOptions } from './subscriber-input.ts';
import { toStockholm } from './stockholm-time.ts';

/** A field as Rule takes it; the empty text, or the empty list, empties it. */
export interface WireField {
  readonly key: string;
  readonly type: FieldType;
  readonly value: string | readonly string[];
}

export type WireFields =
  | { readonly kind: 'fields'; readonly fields: readonly WireField[] }
  | { readonly kind: 'refused'; readonly fault: Fault };

// "< 65 KiB per group" (Rule's documents of custom fields, read 2026-11).
const GROUP_BYTES_MAX = 65 * 1024;

/** Writes the values as Rule takes them, or says why Rule would not. */
export function toWireFields({ fields }: SubscriberInput, { field_types }: SubscriberOptions): WireFields {
  const wire: WireField[] = [];
  for (const [key, value] of Object.entries(fields)) {
    const type = field_types[key] ?? (Array.isArray(value) ? 'multiple' : 'text');
    const written = write(value, type);
    if (written === undefined) return refused('field_value', `${key} holds no ${type} that Rule can read.`);
    wire.push({ key, type, value: written });
  }
  const sizes = new Map<string, number>();
  const encoder = new TextEncoder();
  for (const { key, value } of wire) {
    const group = groupOf(key);
    const bytes = (sizes.get(group) ?? 0) + encoder.encode(JSON.stringify(value)).length;
    if (bytes >= GROUP_BYTES_MAX) return refused('group_too_large', `${group} holds more than 65 KiB.`);
    sizes.set(group, bytes);
  }
  return { kind: 'fields', fields: wire };
}

export function groupOf(key: string): string {
  return key.slice(0, key.indexOf('.'));
}

export function fieldOf(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}

export function isEmpty({ value }: WireField): boolean {
  return value.length === 0;
}

function refused(code: string, message: string): WireFields {
  return { kind: 'refused', fault: { code: `rule.${code}`, message } };
}

function write(value: InputValue, type: FieldType): WireField['value'] | undefined {
  if (type === 'multiple') {
    const list = typeof value === 'string' ? [value] : (value ?? []);
    return [...new Set(list)].filter((text) => text !== '');
  }
  const text = typeof value === 'string' ? value : (value ?? []).join(', ');
  return text === '' ? '' : writeText(text, type);
}

function writeText(text: string, type: FieldType): string | undefined {
  switch (type) {
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text) ? text : writeTime(text)?.slice(0, 'YYYY-MM-DD'.length);
    case 'datetime':
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? text : writeTime(text);
    case 'time':
      return /^\d\d:\d\d:\d\d$/.test(text) ? text : undefined;
    case 'json':
      return isJson(text) ? text : undefined;
    case 'multiple':
    case 'single':
    case 'text':
      return text;
  }
}

function writeTime(text: string): string | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : toStockholm(atMs);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Anything that does not parse is refused by the caller.
    return false;
  }
}
