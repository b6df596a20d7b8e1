import type { Violations } from './violations.ts';

/** Values are text or numbers, nothing else. */
export function validateScalar(
  value: unknown,
  path: string,
  what: string,
  lengthMax: number,
  violations: Violations,
): void {
  if (typeof value === 'string') {
    if (value.length > lengthMax) {
      violations.add(
        'VALUE_OUT_OF_BOUNDS',
        path,
        `${what} whose value is longer than ${String(lengthMax)} characters.`,
      );
    }
  } else if (typeof value !== 'number' && typeof value !== 'boolean') {
    violations.add('VALUE_INVALID', path, `${what} whose value is neither text nor a number.`);
  }
}
