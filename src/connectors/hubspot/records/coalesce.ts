import { refKey } from './record-ref.ts';
import type { InputAssociation, InputValue, RecordInput } from './record-input.ts';
import { optionTexts, toEpochMs } from './property-value.ts';
import { isAdding, ruleOf } from './record-options.ts';
import type { RecordOptions } from './record-options.ts';

/** A value and when it held. */
export interface TimedValue {
  readonly value: InputValue;
  readonly atMs: number;
}

// An input that does not say when its values held counts as of its delivery; a time in the future does too.
export const AT_DELIVERY_MS = Number.MAX_SAFE_INTEGER;

// Enough that an input which replaces others in a long queue stays small. More different values of one
// property than this in one merge, the kept ones all unfit, would be needed to see a difference.
const EARLIER_VALUES_MAX = 8;

const MERGED = new Set(['properties', 'earlier', 'times', 'associations']);

/** When the values of an input held. */
export function heldAtMs({ occurred_at }: RecordInput): number {
  return toEpochMs(occurred_at ?? null) ?? AT_DELIVERY_MS;
}

/** All values that an input has of a property, oldest first; none when it does not name it. */
export function valuesOf(input: RecordInput, name: string): readonly InputValue[] {
  if (!Object.hasOwn(input.properties, name)) return [];
  return [...(own(input.earlier, name) ?? []), input.properties[name] ?? null];
}

/** The same with their times; `atMs` is when the values of the input held, where it does not say more. */
export function timedValuesOf(input: RecordInput, name: string, atMs: number): readonly TimedValue[] {
  const times = own(input.times, name);
  return valuesOf(input, name).map((value, index) => ({ value, atMs: times?.[index] ?? atMs }));
}

/**
 * One input with the effect of both in turn. Newest wins field by field, but an older value stays behind it:
 * the newer one may turn out unfit for HubSpot, or the rule of the property may prefer the older.
 */
export function coalesceRecords<Input extends RecordInput>(
  older: Input,
  newer: Input,
  options: RecordOptions,
): Input {
  const properties: [string, InputValue][] = [];
  const earlier: [string, readonly InputValue[]][] = [];
  const times: [string, readonly number[]][] = [];
  const [olderMs, newerMs] = [heldAtMs(older), heldAtMs(newer)];
  for (const name of new Set([...Object.keys(older.properties), ...Object.keys(newer.properties)])) {
    const merged = trim(
      [...timedValuesOf(older, name, olderMs), ...timedValuesOf(newer, name, newerMs)],
      name,
      options,
    );
    properties.push([name, merged.at(-1)?.value ?? null]);
    if (merged.length > 1) earlier.push([name, merged.slice(0, -1).map(({ value }) => value)]);
    if (ruleOf(options, name) === 'newest_wins') times.push([name, merged.map(({ atMs }) => atMs)]);
  }
  const associations = mergeAssociations(older.associations, newer.associations);
  // What is not merged, the newer input says, or the older one alone: a key that the newer one lacks stays.
  const rest = Object.entries({ ...older, ...newer }).filter(([name]) => !MERGED.has(name));
  return {
    ...(Object.fromEntries(rest) as Input),
    properties: Object.fromEntries(properties),
    ...(associations === undefined ? {} : { associations }),
    ...(earlier.length === 0 ? {} : { earlier: Object.fromEntries(earlier) }),
    ...(times.length === 0 ? {} : { times: Object.fromEntries(times) }),
  };
}

/**
 * The older input without the properties that the newer one wrote. Where the newer one only filled in, a value of the
 * older one stands, but not its clearing, which made room for the newer.
 */
export function yieldRecord<Input extends RecordInput>(
  older: Input,
  newer: Input,
  newerOptions: RecordOptions,
): Input {
  const isKept = ([name]: [string, unknown]): boolean =>
    !Object.hasOwn(newer.properties, name) ||
    (ruleOf(newerOptions, name) === 'if_empty' && !valuesOf(older, name).some(isClearing));
  const kept = <Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(entries).filter(isKept));
  const { properties, earlier, times } = older;
  return {
    ...older,
    properties: kept(properties),
    ...(earlier === undefined ? {} : { earlier: kept(earlier) }),
    ...(times === undefined ? {} : { times: kept(times) }),
  };
}

// Blanks are trimmed, and of several options those without text are left out (property-value.ts).
const NO_TEXT = /^[\s;]*$/;

function isClearing(value: InputValue): boolean {
  return value === null || NO_TEXT.test(typeof value === 'object' ? value.join(';') : String(value));
}

function own<Value>(entries: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** Drops values without effect: of equal ones the first counts for if_empty, the last for the others. */
function trim(values: readonly TimedValue[], name: string, options: RecordOptions): readonly TimedValue[] {
  const rule = ruleOf(options, name);
  if (isAdding(options, name)) return lastOfEqual(values.flatMap(singleOptions));
  const inTurn = rule === 'newest_wins' ? values.toSorted((a, b) => a.atMs - b.atMs) : values;
  if (rule !== 'if_empty') return lastOfEqual(inTurn).slice(-EARLIER_VALUES_MAX - 1);
  const first = values
    .slice(0, -1)
    .filter(({ value }, index) => values.findIndex((other) => isEqual(other.value, value)) === index);
  return [...first.slice(0, EARLIER_VALUES_MAX), ...values.slice(-1)];
}

/** Options that are added one by one may be dropped one by one; a clearing stays what it is. */
function singleOptions({ value, atMs }: TimedValue): readonly TimedValue[] {
  const options = optionTexts(value);
  return options.length === 0 ? [{ value, atMs }] : options.map((option) => ({ value: [option], atMs }));
}

function lastOfEqual(values: readonly TimedValue[]): readonly TimedValue[] {
  return values.filter(
    ({ value }, index) => values.findLastIndex((other) => isEqual(other.value, value)) === index,
  );
}

function isEqual(a: InputValue, b: InputValue): boolean {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    return a.length === b.length && a.every((entry, index) => entry === b[index]);
  }
  return a === b;
}

function mergeAssociations(
  older: readonly InputAssociation[] | undefined,
  newer: readonly InputAssociation[] | undefined,
): readonly InputAssociation[] | undefined {
  if (older === undefined || newer === undefined) return newer ?? older;
  const all = [...older, ...newer];
  return [...new Map(all.map((entry) => [`${refKey(entry.to)}\n${entry.label ?? ''}`, entry])).values()];
}
