import { LIFECYCLE_STAGE } from './record-input.ts';
import type { Draft, Wish } from './draft.ts';
import type { ContactRecord } from './read-records.ts';
import { isSameValue } from './same-value.ts';

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

/** `record` is null for a new contact and undefined when the state is not known and no rule asks for it. */
export function decide({ wishes, notes }: Draft, record: ContactRecord | null | undefined): Decision {
  const properties: Record<string, string> = {};
  const kept: string[] = [];
  let isChange = record === null || record === undefined;
  let blanksStage = false;
  for (const wish of wishes) {
    const { name } = wish.property;
    const held = record?.properties[name] ?? '';
    const value = apply(wish, held, kept);
    if (value === undefined) continue;
    properties[name] = value;
    isChange ||= !isSameValue(wish.property, held, value);
    blanksStage ||= name === LIFECYCLE_STAGE && wish.rule === 'overwrite' && isStepBack(wish, held, value);
  }
  return {
    properties,
    isChange,
    blanksStage,
    notes: kept.length === 0 ? notes : [...notes, `Kept, because it only moves forward: ${kept.join(', ')}.`],
  };
}

/** The value after all of a wish's values in turn, or undefined when none of them may be written. */
function apply({ property, rule, values }: Wish, held: string, kept: string[]): string | undefined {
  if (rule === 'overwrite') return values.at(-1);
  let state = held;
  let value: string | undefined;
  for (const wanted of values) {
    if (rule === 'if_empty' ? state === '' && wanted !== '' : isForward(property, state, wanted)) {
      state = wanted;
      value = wanted;
    } else if (rule === 'forward_only' && wanted !== state && !kept.includes(property.name)) {
      kept.push(property.name);
    }
  }
  return value;
}

function isForward(property: Wish['property'], held: string, wanted: string): boolean {
  if (wanted === '' || held === wanted) return false;
  const from = property.options?.place(held);
  const to = property.options?.place(wanted);
  // A property without an order cannot go back; a held value that is no option any more has no place either.
  return from === undefined || to === undefined || to > from;
}

function isStepBack({ property }: Wish, held: string, value: string): boolean {
  return held !== '' && value !== '' && held !== value && !isForward(property, held, value);
}
