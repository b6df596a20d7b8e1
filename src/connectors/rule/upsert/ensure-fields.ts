import { alone } from '../../../kit/index.ts';
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
  if (missingOf(fields, cache).length === 0) return true;
  return yield* alone(KEY, () => makeMissing(fields, cache));
}

function* makeMissing(fields: readonly WireField[], cache: ConnectionCache): Steps<boolean> {
  const missing = missingOf(fields, cache);
  if (missing.length === 0) return true;
  const response = yield* ask({
    version: 'v2',
    method: 'POST',
    path: '/customizations',
    body: { fields: missing.map(({ key, type }) => ({ key, type })) },
  });
  if (response === undefined) return false;
  cache.set(KEY, new Set([...knownIn(cache), ...missing.map(nameOf)]), ENSURED_TTL_MS);
  return true;
}

function missingOf(fields: readonly WireField[], cache: ConnectionCache): readonly WireField[] {
  const known = knownIn(cache);
  return fields.filter((field) => !known.has(nameOf(field)));
}

function knownIn(cache: ConnectionCache): ReadonlySet<unknown> {
  const cached = cache.get(KEY);
  return cached instanceof Set ? cached : new Set();
}

function nameOf({ key, type }: WireField): string {
  return `${type} ${key}`;
}
