/** The result of a formula as plain JSON. JSONata's own lists and objects carry marks, and functions are none. */
import type { JsonValue } from '../../kernel/json.ts';
import { BoundReached } from './work.ts';

// An event, of 32 kB at the most, has fewer of both. What a mapping makes is to be sent to a vendor.
const NODES_MAX = 10_000;
const CHARACTERS_MAX = 200_000;
// As deep as ingest lets events be nested, and the brackets of the mapping around it.
const DEPTH_MAX = 64;

/** `undefined` when the formula found nothing. */
export function toJson(result: unknown): JsonValue | undefined {
  return new Copy().of(result, 1);
}

class Copy {
  #nodes = 0;
  #characters = 0;

  of(value: unknown, depth: number): JsonValue | undefined {
    this.#nodes += 1;
    if (typeof value === 'string') this.#characters += value.length;
    if (this.#nodes > NODES_MAX || this.#characters > CHARACTERS_MAX || depth > DEPTH_MAX) {
      throw new BoundReached('its result is too large');
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new BoundReached('its result is no finite number');
    }
    if (value === undefined || value === null || isPlain(value)) return value;
    if (typeof value === 'object') return this.#ofObject(value, depth);
    throw new BoundReached('its result is a function');
  }

  #ofObject(value: object, depth: number): JsonValue {
    if (Array.isArray(value)) {
      const items = (value as readonly unknown[]).map((each) => this.of(each, depth + 1));
      return items.filter((each) => each !== undefined);
    }
    if ('_jsonata_lambda' in value || '_jsonata_function' in value) {
      throw new BoundReached('its result is a function');
    }
    const entries = Object.entries(value).map(([key, each]) => {
      this.#characters += key.length;
      if (key === '__proto__') throw new BoundReached('its result has a key __proto__');
      return [key, this.of(each, depth + 1)] as const;
    });
    // Of entries, so that no key can mean anything but itself.
    return Object.fromEntries(entries.filter((entry) => entry[1] !== undefined)) as JsonValue;
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
