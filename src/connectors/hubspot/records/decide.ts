import type { Draft, Wish } from './draft.ts';
import type { KnownRecord } from './known-records.ts';
import { isForward } from './order.ts';
import { broughtBy } from './property.ts';
import { optionTexts } from './property-value.ts';
import type { RecordState } from './read-records.ts';
import { LIFECYCLE_STAGE } from './record-options.ts';
import { isSameValue } from './same-value.ts';
import { heldSince } from './times.ts';

/** What to do with a draft, given the state of its record. */
export interface Decision {
  /** Everything that holds after the write, also what held before, so that one call leaves a known state. */
  readonly properties: Readonly<Record<string, string>>;
  /** False when HubSpot already holds all of it. */
  readonly isChange: boolean;
  /** Whether the stage must be blanked first: HubSpot ignores a step back from a stage it holds. */
  readonly blanksStage: boolean;
  readonly notes: readonly string[];
}

/** `record` is null for a new one; `known` is what the cache has of it, for the times of our own writes. */
export function decide(
  { wishes, notes, leftOut }: Draft,
  record: RecordState | null,
  known?: KnownRecord,
  /** Written whatever the rules say: keys that the record lacks. */
  identity: Readonly<Record<string, string>> = {},
): Decision {
  const properties: Record<string, string> = { ...identity };
  const kept = new Map<string, string[]>();
  let isChange =
    record === null ||
    Object.entries(identity).some(([name, value]) => (record.properties[name] ?? '') !== value);
  let blanksStage = false;
  for (const wish of wishes) {
    const { name } = wish.property;
    if (Object.hasOwn(identity, name)) continue;
    const held = record?.properties[name] ?? '';
    const { value, reason } = apply(wish, held, heldSince(wish.property, record, known));
    if (reason !== undefined) kept.set(reason, [...(kept.get(reason) ?? []), name]);
    if (value === undefined) continue;
    Object.assign(properties, { [name]: value }, broughtBy(wish.property, value));
    isChange ||= !isSameValue(wish.property, held, value);
    blanksStage ||= name === LIFECYCLE_STAGE && wish.rule === 'overwrite' && isStepBack(wish, held, value);
  }
  return {
    properties,
    isChange,
    blanksStage,
    notes: [
      ...notes,
      ...leftOut,
      ...[...kept].map(([reason, names]) => `Kept, ${reason}: ${names.join(', ')}.`),
    ],
  };
}

interface Applied {
  /** The value after all of a wish's values in turn; absent when none of them may be written. */
  readonly value?: string;
  /** Why a value was left out that differs from the held one. */
  readonly reason?: string;
}

export function apply(wish: Wish, held: string, heldSinceMs: number): Applied {
  switch (wish.rule) {
    case 'overwrite':
      return { value: inTurn(wish.values) };
    case 'if_empty': {
      const value = held === '' ? wish.values.find((text) => text !== '') : undefined;
      return value === undefined ? {} : { value };
    }
    case 'forward_only':
    case 'never_lower':
      return goForward(wish, held);
    case 'newest_wins':
      return takeNewest(wish, held, heldSinceMs);
  }
}

/** The last value; options that are added one after the other add up, after a clearing to a whole set. */
function inTurn(values: readonly string[]): string {
  return values.reduce((before, value) => {
    if (!value.startsWith(';')) return value;
    if (before === '') return value.slice(1);
    const set = new Set([...optionTexts(before), ...optionTexts(value)]);
    return (before.startsWith(';') ? ';' : '') + [...set].join(';');
  });
}

function goForward({ property, values }: Wish, held: string): Applied {
  let state = held;
  let isKept = false;
  for (const wanted of values) {
    if (isForward(property, state, wanted)) state = wanted;
    else isKept ||= !isSameValue(property, state, wanted);
  }
  return {
    ...(state === held ? {} : { value: state }),
    ...(isKept ? { reason: 'because it only moves forward' } : {}),
  };
}

function takeNewest({ property, values, timesMs }: Wish, held: string, heldSinceMs: number): Applied {
  let state: string | undefined;
  let sinceMs = heldSinceMs;
  for (const [index, value] of values.entries()) {
    const atMs = timesMs[index] ?? 0;
    if (atMs <= sinceMs) continue;
    state = value;
    sinceMs = atMs;
  }
  if (state !== undefined) return { value: state };
  const isKept = values.some((value) => !isSameValue(property, held, value));
  return isKept ? { reason: 'because HubSpot has a newer value' } : {};
}

function isStepBack({ property }: Wish, held: string, value: string): boolean {
  return held !== '' && value !== '' && held !== value && !isForward(property, held, value);
}
