import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import { ask } from '../api.ts';
import type { WireField } from '../wire-fields.ts';

const KEY = 'fields';

// A field that somebody deletes in Rule is back within the hour; until then v3 makes it anew as text.
const ENSURED_TTL_MS = 3_600_000;

/**
 * Has Rule make fields of the right types. v3 makes a field that is missing when a value is written, but there nothing
 * tells its type. The call changes nothing where they exist. False when what answered was not Rule.
 */
export function* ensureFields(fields: readonly WireField[], cache: ConnectionCache): Steps<boolean> {
  const cached = cache.get(KEY);
  const known = cached instanceof Set ? cached : new Set();
  const missing = fields.filter((field) => !known.has(nameOf(field)));
  if (missing.length === 0) return true;
  const response = yield* ask({
    version: 'v2',
    method: 'POST',
    path: '/customizations',
    body: { fields: missing.map(({ key, type }) => ({ key, type })) },
  });
  if (response === undefined) return false;
  cache.set(KEY, new Set([...known, ...missing.map(nameOf)]), ENSURED_TTL_MS);
  return true;
}

function nameOf({ key, type }: WireField): string {
  return `${type} ${key}`;
}
