/** What two answers differ in, apart from their values: kinds of values, keys, and the fixed words of errors. */
export interface ShapeDifference {
  /** `results[].properties.email` */
  readonly path: string;
  readonly recorded: string;
  readonly emulated: string;
}

// Words that a client decides by; everything else of an error is text.
const FIXED_WORDS = new Set([
  'category',
  'subCategory',
  'status',
  'errorType',
  'policyName',
  'code',
  'error',
]);

export function compareShapes(recorded: unknown, emulated: unknown, path = ''): ShapeDifference[] {
  const [was, is] = [kindOf(recorded), kindOf(emulated)];
  if (was !== is) {
    // Null stands for any value that is not there this time.
    return was === 'null' || is === 'null' ? [] : [{ path, recorded: was, emulated: is }];
  }
  if (Array.isArray(recorded) && Array.isArray(emulated)) {
    return compareElements(recorded as unknown[], emulated as unknown[], path);
  }
  if (isObject(recorded) && isObject(emulated)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(emulated)])];
    return keys.flatMap((key) => {
      const place = path === '' ? key : `${path}.${key}`;
      if (!(key in emulated)) return [{ path: place, recorded: kindOf(recorded[key]), emulated: 'absent' }];
      if (!(key in recorded)) return [{ path: place, recorded: 'absent', emulated: kindOf(emulated[key]) }];
      return compareShapes(recorded[key], emulated[key], place);
    });
  }
  const key = path.split('.').at(-1) ?? '';
  if (FIXED_WORDS.has(key) && recorded !== emulated) {
    return [{ path, recorded: JSON.stringify(recorded), emulated: JSON.stringify(emulated) }];
  }
  return [];
}

/** Element by element as far as both go, each difference once; and one where only one of them has any. */
function compareElements(
  recorded: readonly unknown[],
  emulated: readonly unknown[],
  path: string,
): ShapeDifference[] {
  const place = `${path}[]`;
  if ((recorded.length === 0) !== (emulated.length === 0)) {
    return [
      { path: place, recorded: `${recorded.length} elements`, emulated: `${emulated.length} elements` },
    ];
  }
  const seen = new Map<string, ShapeDifference>();
  for (const [index, element] of recorded.slice(0, emulated.length).entries()) {
    for (const difference of compareShapes(element, emulated[index], place)) {
      seen.set(JSON.stringify(difference), difference);
    }
  }
  return [...seen.values()];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
