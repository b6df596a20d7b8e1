/**
 * Paths into JSON: `traits.address.city`, `items[0]['a.b']`. A path sees own properties of objects and elements of
 * arrays, and nothing that a prototype would add.
 */
import type { JsonValue } from '../kernel/json.ts';

export interface Path {
  readonly text: string;
  /** True for `$$…`, which begins at the event wherever it stands. */
  readonly isFromEvent: boolean;
  readonly steps: readonly (string | number)[];
}

// A quoted step, an index, or a name up to the next dot or bracket.
const STEP = /\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d{1,9}))\s*\]|\.?([^.[\]'"]+)/y;

/**
 * A path as written, or `undefined`. `$` is the document itself and may stand before its steps (`$.traits`), `$$` the
 * event.
 */
export function parsePath(text: string): Path | undefined {
  const trimmed = text.trim();
  const root = /^\${0,2}/.exec(trimmed)?.[0] ?? '';
  const isFromEvent = root === '$$';
  const steps: (string | number)[] = [];
  let at = root.length;
  if (at > 0 && at < trimmed.length && trimmed[at] !== '.' && trimmed[at] !== '[') at = 0; // A name such as `$value`.
  while (at < trimmed.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(trimmed);
    if (match === null || (at === 0 && trimmed[0] === '.')) return undefined;
    // A name behind another step needs its dot, and a bracket has none.
    const [whole, single, double, index, name] = match;
    if (name !== undefined && at > 0 && !whole.startsWith('.')) return undefined;
    steps.push(
      index !== undefined ? Number(index) : (name ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')),
    );
    at = STEP.lastIndex;
  }
  if (steps.length === 0 && root === '') return undefined;
  return { text: trimmed, isFromEvent, steps };
}

/** The value at the steps; `undefined` when there is none. */
export function valueAt(root: JsonValue | undefined, steps: Path['steps']): JsonValue | undefined {
  let found = root;
  for (const step of steps) {
    if (typeof found !== 'object' || found === null) return undefined;
    if (Array.isArray(found)) {
      const index: number = typeof step === 'number' ? step : indexOf(step);
      found = (found as readonly JsonValue[])[index];
    } else {
      if (!Object.hasOwn(found, step)) return undefined;
      found = (found as Readonly<Record<string | number, JsonValue>>)[step]; // hasOwn has just said so.
    }
  }
  return found;
}

/** `items.0` is `items[0]`; any other name is no element of an array, `length` included. */
function indexOf(name: string): number {
  return /^\d{1,9}$/.test(name) ? Number(name) : -1;
}
