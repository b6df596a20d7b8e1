/** Fields of requests that several routes share. */
import { z } from 'zod';
import type { OpenFilter } from '../../delivery/index.ts';

// The most rows of one page: a page of letters with inputs of 2 kB is then some megabytes.
const PAGE_MAX = 1_000;
const PAGE_DEFAULT = 100;

/** Path parameters and queries are text. */
export const idField = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const limitField = z.coerce
  .number()
  .int()
  .min(1)
  .max(PAGE_MAX)
  .default(PAGE_DEFAULT)
  .describe('How many at the most.');

const text = z.string().min(1).max(1_000);
const time = z.iso.datetime({ offset: true });

/** All that is given must hold. */
export const filterFields = {
  connection: text.optional(),
  flow: text.optional(),
  action: text.optional(),
  code: text.optional().describe('Code of the fault, e.g. hubspot.INVALID_OPTION.'),
  type: text.optional().describe("The event's name, or its type when it has none."),
  person: text.optional().describe('Person key of the event.'),
  since: time.optional().describe('Died at or after this time.'),
  until: time.optional().describe('Died before this time.'),
};

// What one request may name; more are chosen by what they have in common.
const IDS_MAX = 10_000;

const chosenFields = {
  ids: z.array(z.number().int().min(1)).min(1).max(IDS_MAX).optional(),
  ...filterFields,
  all: z.literal(true).optional().describe('Every open one; needed when nothing else is given.'),
  isDryRun: z.boolean().default(false).describe('Count, and change nothing.'),
};

/** A body that says which open letters are meant, and more. */
export function chosenBody<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .strictObject({ ...chosenFields, ...shape })
    .refine((body) => Object.keys(toFilter(body)).length > 0 || 'all' in body, {
      error: 'nothing says which dead letters are meant: give ids, a filter, or all',
    });
}

const FILTER_NAMES = new Map<string, keyof OpenFilter>([
  ['ids', 'ids'],
  ['connection', 'connection'],
  ['flow', 'flow'],
  ['action', 'action'],
  ['code', 'code'],
  ['type', 'eventType'],
  ['person', 'personKey'],
  ['since', 'since'],
  ['until', 'until'],
]);

/** The filter of the fields above: only what was given is in it. */
export function toFilter(fields: Readonly<Record<string, unknown>>): OpenFilter {
  const given = Object.entries(fields).flatMap(([name, value]) => {
    const key = FILTER_NAMES.get(name);
    if (key === undefined || value === undefined) return [];
    return [[key, key === 'personKey' && typeof value === 'string' ? value.trim().toLowerCase() : value]];
  });
  return Object.fromEntries(given) as OpenFilter; // Each value was checked by the schema of its name.
}
