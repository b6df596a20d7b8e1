/**
 * What can be decided about a record without reading it. Values of rules that forbid something are left out when they
 * are known to be forbidden or useless, and otherwise wait for a read; what is sent unread is only what the rules allow
 * on any state of the record. So the worst that a stale cache does is to leave out a value that would have been taken.
 */
import { apply } from './decide.ts';
import type { Decision } from './decide.ts';
import { isGuarded } from './draft.ts';
import type { Draft, Wish } from './draft.ts';
import { EMPTY, fingerprint, unpackNumber } from './fingerprint.ts';
import type { KnownRecord } from './known-records.ts';
import { recall } from './order.ts';
import { broughtBy } from './property.ts';
import { LIFECYCLE_STAGE } from './record-options.ts';
import { canonicalValue } from './same-value.ts';
import { timeName } from './times.ts';

/** `undefined` when the record must be read. Without a known record only what any state allows is decided. */
export function decideUnread(
  { wishes, notes, leftOut }: Draft,
  known: KnownRecord | undefined,
): Decision | undefined {
  const properties: Record<string, string> = {};
  let isChange = known === undefined;
  for (const wish of wishes) {
    const decided = decideOne(wish, known);
    if (decided === undefined) return undefined;
    if (decided.value === undefined) continue;
    Object.assign(
      properties,
      { [wish.property.name]: decided.value },
      broughtBy(wish.property, decided.value),
    );
    isChange ||= decided.isChange;
  }
  return { properties, isChange, blanksStage: false, notes: [...notes, ...leftOut] };
}

interface Decided {
  readonly value?: string;
  readonly isChange: boolean;
}

const LEFT_OUT: Decided = { isChange: false };

function decideOne(wish: Wish, known: KnownRecord | undefined): Decided | undefined {
  const { property, rule, values, timesMs } = wish;
  const packed = known?.packed(property.name);
  switch (rule) {
    case 'overwrite': {
      const value = apply(wish, '', 0).value ?? '';
      const isChange = packed !== fingerprint(canonicalValue(property, value));
      // A step back needs to be seen as one, for it takes two calls.
      return isChange && property.name === LIFECYCLE_STAGE ? undefined : { value, isChange };
    }
    case 'if_empty': {
      const isFilled = packed !== undefined && packed !== EMPTY;
      return isFilled || values.every((value) => value === '') ? LEFT_OUT : undefined;
    }
    case 'forward_only':
    case 'never_lower': {
      const held = known === undefined ? undefined : recall(property, known);
      if (held === undefined) return undefined;
      const { value } = apply(wish, held, 0);
      if (value === undefined) return LEFT_OUT;
      return isGuarded(wish) ? { value, isChange: true } : undefined;
    }
    case 'newest_wins': {
      const time = known?.packed(timeName(property.name));
      if (time === undefined) return undefined;
      const isOlder = timesMs.every((atMs) => atMs <= unpackNumber(time));
      const isKnown = packed === fingerprint(canonicalValue(property, values.at(-1) ?? ''));
      return isOlder || isKnown ? LEFT_OUT : undefined;
    }
  }
}
