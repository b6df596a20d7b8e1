import type { z } from 'zod';
import { send } from '../../kit/index.ts';
import type { Steps } from '../../kit/index.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import { readPage, unwrap } from './api.ts';

/** What was read, or the outcome that its absence means for the whole snapshot: half of one is never made. */
export type Answer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly outcome: Outcome };

/** Reads one resource; `undefined` when it answers with one of the `absent` statuses. */
export function* getOne<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
  absent: readonly number[] = [],
): Steps<Answer<z.output<Shape> | undefined>> {
  const { status, body } = yield* send({ method: 'GET', path, accept: absent });
  if (absent.includes(status)) return { ok: true, value: undefined };
  const parsed = shape.safeParse(unwrap(body));
  return parsed.success ? { ok: true, value: parsed.data } : unexpected(path);
}

// Small enough that no server is likely to cap it: a capped page of a bare array looks like the last one.
const PAGE_SIZE = 50;
// 10,000 records of one kind for one person is a mistake, ours or theirs.
const PAGES_MAX = 200;

/** Reads a whole list, page by page, in both of the vendor's forms. */
export function* getAll<Shape extends z.ZodType<{ readonly id: string }>>(
  path: string,
  query: Readonly<Record<string, string>>,
  shape: Shape,
): Steps<Answer<readonly z.output<Shape>[]>> {
  const found = new Map<string, z.output<Shape>>();
  let offset = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const paged = { ...query, limit: String(PAGE_SIZE), offset: String(offset) };
    const { body } = yield* send({ method: 'GET', path, query: paged });
    const answer = readPage(body, offset);
    if (answer === undefined) return unexpected(path);
    const sizeBefore = found.size;
    for (const item of answer.items) {
      const parsed = shape.safeParse(item);
      if (!parsed.success) return unexpected(path);
      found.set(parsed.data.id, parsed.data);
    }
    offset += answer.items.length;
    // A page without anything new means that the vendor ignores `offset`: it has shown all it will show.
    const isStuck = found.size === sizeBefore;
    const hasMore = answer.hasMore ?? answer.items.length === PAGE_SIZE;
    if (isStuck || !hasMore) return { ok: true, value: [...found.values()] };
  }
  return refused('sesamy.list_too_long', `The list ${path} goes on beyond ${String(PAGES_MAX)} pages.`);
}

/** A 2xx whose body is not what the vendor documents: a page of a proxy, or a change of the API. */
function unexpected(path: string): Answer<never> {
  const message = `The answer of ${withoutIds(path)} has not the documented form.`;
  return { ok: false, outcome: { kind: 'retry', fault: { code: 'sesamy.unexpected_answer', message } } };
}

function refused(code: string, message: string): Answer<never> {
  return { ok: false, outcome: { kind: 'rejected', fault: { code, message } } };
}

// Faults hold no values of payloads, user ids included.
function withoutIds(path: string): string {
  return path.replace(/^(\/(?:management\/)?[a-z-]+)\/.+$/, '$1/…');
}
