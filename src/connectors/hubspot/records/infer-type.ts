import { inexactNumberIn } from '../inexact-number.ts';
import { valuesOf } from './coalesce.ts';
import { toEpochMs } from './property-value.ts';
import type { InputValue, RecordInput } from './record-input.ts';

/** The type of a property in HubSpot's words. */
export interface InferredType {
  readonly type: 'string' | 'number' | 'bool' | 'date' | 'datetime';
  readonly fieldType: 'text' | 'textarea' | 'number' | 'booleancheckbox' | 'date';
  /** HubSpot keeps a flag as a choice of two. */
  readonly options?: readonly string[];
}

const TEXT: InferredType = { type: 'string', fieldType: 'text' };
const NUMBER: InferredType = { type: 'number', fieldType: 'number' };
const FLAG: InferredType = { type: 'bool', fieldType: 'booleancheckbox', options: ['true', 'false'] };
const DAY: InferredType = { type: 'date', fieldType: 'date' };
const MOMENT: InferredType = { type: 'datetime', fieldType: 'date' };

// `YYYY-MM-DD`; whatever else is a time has a time of day.
const DAY_CHARACTERS = 10;

/**
 * The type that all values of a name have in common, text when they differ. A text of digits stays text, for it may
 * be a postal code; a list is text, for its options cannot be known from some of its values.
 */
export function inferType(inputs: readonly RecordInput[], name: string): InferredType | undefined {
  const types = new Set(inputs.flatMap((input) => valuesOf(input, name).flatMap(typeOf)));
  const [first] = types;
  if (first === undefined) return undefined;
  return types.size === 1 ? first : TEXT;
}

function typeOf(value: InputValue): readonly InferredType[] {
  if (value === null || value === '' || (typeof value === 'object' && value.length === 0)) return [];
  // What JSON has rounded was an id, which fits into text when it is sent as such.
  if (inexactNumberIn(value) !== undefined) return [TEXT];
  if (typeof value === 'number') return [NUMBER];
  if (typeof value === 'boolean') return [FLAG];
  if (typeof value !== 'string' || /^\d+$/.test(value.trim()) || toEpochMs(value) === undefined)
    return [TEXT];
  return [value.trim().length === DAY_CHARACTERS ? DAY : MOMENT];
}
