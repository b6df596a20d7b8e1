import { json } from '../../core/index.ts';
import type { Reply } from '../../core/index.ts';
import { keyOf } from '../guard.ts';
import type { Call } from '../guard.ts';
import { invalid, refuse } from '../problems.ts';

const LIMIT_MAX = 100;

/** One page of a list; the address of the next one holds the API key, as Rule's does. */
export function listPage({ request, version }: Call, name: string, all: readonly unknown[]): Reply {
  const read = (key: string, otherwise: number): number => {
    const text = request.query.get(key);
    if (text === null) return otherwise;
    return /^[1-9]\d*$/.test(text) ? Number(text) : invalid(version, key, `The ${key} must be a number.`);
  };
  const limit = read('limit', LIMIT_MAX);
  if (limit > LIMIT_MAX) {
    return refuse(version, 400, 'LimitExceed', `The limit is at most ${String(LIMIT_MAX)}.`);
  }
  const page = read('page', 1);
  const items = all.slice((page - 1) * limit, page * limit);
  const query = new URLSearchParams({ limit: String(limit), page: String(page + 1) });
  query.set('apikey', keyOf(request) ?? '');
  const next = page * limit < all.length ? `${request.origin}${request.path}?${query.toString()}` : null;
  return json(200, { [name]: items, meta: { next } });
}
