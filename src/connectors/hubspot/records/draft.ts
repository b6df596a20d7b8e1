import type { Outcome } from '../../../kernel/outcome.ts';
import type { Item } from '../../../kit/index.ts';
import { inexactNumberIn } from '../inexact-number.ts';
import type { Catalogue } from './catalogue.ts';
import { AT_DELIVERY_MS, heldAtMs, timedValuesOf } from './coalesce.ts';
import { optionTexts, isUnfit, toPropertyValue } from './property-value.ts';
import type { Unfit } from './property-value.ts';
import type { Property } from './property.ts';
import type { RecordContext } from './record-context.ts';
import type { InputValue, RecordInput } from './record-input.ts';
import { isAdding, LIFECYCLE_STAGE, ruleOf } from './record-options.ts';
import type { RecordOptions, Rule } from './record-options.ts';
import type { RecordKey } from './record-ref.ts';

/** What an input wants of one property: values that HubSpot takes, oldest first, and the rule to apply them by. */
export interface Wish {
  readonly property: Property;
  readonly rule: Rule;
  readonly values: readonly string[];
  /** When each of the values held. */
  readonly timesMs: readonly number[];
}

/** An input of any action with the keys of the record that it is about. */
export interface KeyedItem {
  readonly item: Item<RecordInput>;
  /** Normalised; at least one, the one to write by first. */
  readonly keys: readonly RecordKey[];
  /** What to say of the input, found out before. */
  readonly notes?: readonly string[];
}

/** An input of an action with its keys, or why it has none that HubSpot would take. */
export type Subject =
  (KeyedItem & { readonly type: string }) | { readonly item: Item<RecordInput>; readonly refused: Outcome };

/** An input turned into HubSpot's terms, before anything is known about the record. */
export interface Draft extends KeyedItem {
  readonly notes: readonly string[];
  readonly wishes: readonly Wish[];
  /** What was left out, for the outcome. */
  readonly leftOut: readonly string[];
}

export function toDraft(
  { item, keys, notes = [] }: KeyedItem,
  catalogue: Catalogue,
  { type, options, nowMs }: RecordContext,
  /** Enumerations that take options which do not exist yet. */
  growing: ReadonlySet<string>,
): Draft {
  const wishes: Wish[] = [];
  const heldMs = heldAtMs(item.input);
  const leftOut = new Map<string, Set<string>>();
  const leaveOut = (reason: string, name: string): void => {
    leftOut.set(reason, (leftOut.get(reason) ?? new Set<string>()).add(name));
  };
  for (const name of Object.keys(item.input.properties)) {
    // What identifies is no value: writing an address could make a secondary one the primary one.
    if (type === 'contacts' && name === 'email') continue;
    const property = catalogue.get(name);
    if (property === undefined) {
      const reason = catalogue.refusals.get(name) ?? 'unknown to HubSpot';
      if (!isAwaited(name, item.input.properties[name] ?? null, options)) leaveOut(reason, name);
      continue;
    }
    if (!property.isWritable) {
      leaveOut('read-only in HubSpot', name);
      continue;
    }
    const wish = { values: [] as string[], timesMs: [] as number[] };
    for (const { value, atMs } of timedValuesOf(item.input, name, heldMs)) {
      for (const text of toTexts(property, value, options, growing.has(name))) {
        if (isUnfit(text)) leaveOut(text.unfit, name);
        else {
          wish.values.push(text);
          wish.timesMs.push(atMs === AT_DELIVERY_MS ? nowMs : Math.min(atMs, nowMs));
        }
      }
    }
    if (wish.values.length > 0) wishes.push({ property, rule: ruleOf(options, name), ...wish });
  }
  return {
    item,
    keys,
    wishes,
    notes,
    leftOut: [...leftOut].map(([reason, names]) => `Left out, ${reason}: ${[...names].join(', ')}.`),
  };
}

/** A value as HubSpot takes it; options that are added to the present ones stand or fall one by one. */
function toTexts(
  property: Property,
  value: InputValue,
  options: RecordOptions,
  isGrowing: boolean,
): readonly (string | Unfit)[] {
  const mapped = mapOptions(property, value, options);
  const parts = property.isMultiple && isAdding(options, property.name) ? optionTexts(mapped) : [];
  if (parts.length === 0) return [toPropertyValue(property, mapped, isGrowing)];
  return parts.map((part) => {
    const text = toPropertyValue(property, [part], isGrowing);
    return isUnfit(text) ? text : `;${text}`;
  });
}

function mapOptions(property: Property, value: InputValue, { options }: RecordOptions): InputValue {
  const policy = Object.hasOwn(options, property.name) ? options[property.name] : undefined;
  if (policy === undefined || typeof policy === 'string' || value === null) return value;
  if (inexactNumberIn(value) !== undefined) return value;
  const spellings = new Map(
    Object.entries(policy.map).map(([from, to]) => [from.trim().toLowerCase(), to] as const),
  );
  const toMapped = (text: string): string => spellings.get(text.trim().toLowerCase()) ?? text;
  if (property.isMultiple) return optionTexts(value).map(toMapped);
  return typeof value === 'object' ? value.map(toMapped) : toMapped(String(value));
}

// An enumeration that the flow creates with its first options is as good as empty until then.
function isAwaited(name: string, value: InputValue, options: RecordOptions): boolean {
  const isEmpty = value === null || value === '' || (typeof value === 'object' && value.length === 0);
  return (
    isEmpty &&
    options.ensure.some((definition) => definition.name === name && definition.type === 'enumeration')
  );
}

/** Whether HubSpot itself ignores a step back, so that the step may be tried unread. */
export function isGuarded({ property, rule }: Wish): boolean {
  return property.name === LIFECYCLE_STAGE && rule === 'forward_only';
}
