import { isJsonObject } from '../../kernel/json.ts';
import type { JsonValue } from '../../kernel/json.ts';

/** Why such a number is left out. */
export const INEXACT = 'a number beyond 2^53, which JSON does not keep exactly (send it as text)';

/**
 * A number in a value, at any depth, that is not surely the one that was sent: readers of JSON round what is beyond 2^53
 * (RFC 8259 section 6), and `9007199254740993` has become another one before anybody here sees it. Mostly it is an id,
 * which would then be somebody else's.
 */
export function inexactNumberIn(value: JsonValue): number | undefined {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER ? value : undefined;
  const parts: readonly JsonValue[] = Array.isArray(value)
    ? value
    : isJsonObject(value)
      ? Object.values(value)
      : [];
  for (const part of parts) {
    const found = inexactNumberIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
