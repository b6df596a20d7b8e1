/** The fields of a Segment action, as a mapping fills them. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { Place } from './place.ts';
import { translate } from './translate.ts';

/** A mapping whose only directive the rest of it stands in, and keys that are settings instead of fields. */
const ROOT = '__segment_internal_directive';
const SYNC_MODE = '__segment_internal_sync_mode';

export type SyncMode = 'upsert' | 'add' | 'update';

export class Fields {
  readonly place: Place;
  readonly syncMode: SyncMode;
  readonly #mapping: JsonObject;

  constructor(mapping: JsonObject, place: Place) {
    this.#mapping = mapping;
    this.place = withRoot(mapping[ROOT], place);
    const mode = mapping[SYNC_MODE];
    // "update" is what Segment takes when nothing was chosen.
    this.syncMode = mode === 'upsert' || mode === 'add' ? mode : 'update';
  }

  /** As Segment has it. */
  raw(name: string): JsonValue | undefined {
    return Object.hasOwn(this.#mapping, name) ? this.#mapping[name] : undefined;
  }

  /** A choice that is made once and not per event: text, true or false. */
  fixed(name: string): JsonValue | undefined {
    const raw = this.raw(name);
    return typeof raw === 'object' ? undefined : raw;
  }

  get(name: string): JsonValue | undefined {
    const raw = this.raw(name);
    return raw === undefined ? undefined : translate(raw, this.place.at(name));
  }

  /** Those of some fields that are filled; the text in them without blanks around it, as Segment sends it. */
  trimmed(names: readonly string[]): Record<string, JsonValue> {
    return this.#all(names, (value) => ({ $trim: value }));
  }

  filled(names: readonly string[]): Record<string, JsonValue> {
    return this.#all(names, (value) => value);
  }

  /** Those of some fields that are filled, under the names that they go to. */
  renamed(names: Readonly<Record<string, string>>): Record<string, JsonValue> {
    const values = this.filled(Object.keys(names));
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [names[name] ?? name, value]));
  }

  /** Says of every filled field but these that it is not taken over. */
  leaveOutAllBut(known: readonly string[]): void {
    for (const name of Object.keys(this.#mapping)) {
      const isSetting = name === ROOT || name.startsWith('__segment_internal');
      if (!isSetting && !known.includes(name)) this.place.at(name).leaveOut('This field is not known.');
    }
  }

  #all(names: readonly string[], change: (value: JsonValue) => JsonValue): Record<string, JsonValue> {
    return Object.fromEntries(
      names.flatMap((name): [string, JsonValue][] => {
        const value = this.get(name);
        return value === undefined ? [] : [[name, typeof value === 'object' ? change(value) : value]];
      }),
    );
  }
}

/** With a root directive, paths begin at what it makes; Segment has one use for it, the first of two stages. */
function withRoot(root: JsonValue | undefined, place: Place): Place {
  if (root === undefined) return place;
  const stage = isJsonObject(root) ? root['@transform'] : undefined;
  const apply = isJsonObject(stage) ? stage['apply'] : undefined;
  const at = place.at(ROOT);
  if (!isJsonObject(apply)) {
    at.leaveOut('Of directives around the whole mapping only @transform can be taken over.');
    return place;
  }
  return place.within(
    new Map(
      Object.entries(apply).flatMap(([key, each]): [string, JsonValue][] => {
        const translated = translate(each, at.at('@transform', 'apply', key));
        return translated === undefined ? [] : [[key, translated]];
      }),
    ),
  );
}
