import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EmulatorRequest } from '../../core/index.ts';
import { Portal } from '../portal.ts';
import { DEFAULT_SWITCHES } from '../switches.ts';
import type { Token } from '../token.ts';
import { archiveRecord } from './archive-record.ts';
import { toObjectCall } from './object-call.ts';
import type { ObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import { resolveType } from './object-types.ts';
import { runSearch } from './run-search.ts';
import { parseSearch } from './search-query.ts';
import { applyWrite, checkCreation, checkUpdate } from './write-record.ts';

const LAG_MS = 3;

const token: Token = {
  token: 't',
  portalId: 1,
  appId: 1,
  userId: 1,
  kind: 'private',
  scopes: new Set(),
  expiresAt: undefined,
  isRevoked: false,
};

function callAt(portal: Portal, now: number, body: unknown = {}): ObjectCall {
  const request = new EmulatorRequest({
    method: 'POST',
    target: '/',
    headers: {},
    origin: '',
    at: now,
    body: Buffer.from(JSON.stringify(body)),
  });
  const switches = { ...DEFAULT_SWITCHES, searchLagMs: LAG_MS };
  return toObjectCall({ request, portal, token, switches, now }, resolveType(portal, 'companies'));
}

const city = fc.constantFrom('Oslo', 'oslo', 'Bergen', '');

/** A write: to the company that it names, made when there is none yet, or its end. */
const step = fc.record({
  which: fc.nat({ max: 5 }),
  what: fc.constantFrom('write', 'write', 'archive'),
  city,
  afterMs: fc.nat({ max: 3 }),
});

const filter = fc.oneof(
  fc.record({
    propertyName: fc.constant('city'),
    operator: fc.constantFrom('EQ', 'NEQ'),
    value: fc.constantFrom('Oslo', 'bergen'),
  }),
  fc.record({
    propertyName: fc.constant('city'),
    operator: fc.constant('IN'),
    values: fc.constant(['oslo', 'bergen']),
  }),
  fc.record({
    propertyName: fc.constantFrom('hs_lastmodifieddate', 'createdate'),
    operator: fc.constantFrom('EQ', 'LT', 'LTE', 'GT', 'GTE', 'NEQ'),
    value: fc.nat({ max: 30 }).map((at) => String(1_000 + at)),
  }),
  fc.record({
    propertyName: fc.constant('hs_object_id'),
    operator: fc.constantFrom('EQ', 'LT', 'GTE', 'NEQ'),
    value: fc.nat({ max: 8 }).map((n) => String(150_000_000_001 + n)),
  }),
);

const search = fc.record({
  filterGroups: fc.array(fc.record({ filters: fc.array(filter, { maxLength: 3 }) }), { maxLength: 3 }),
  sorts: fc.option(
    fc
      .constantFrom('name', '-name', 'city', '-hs_object_id', 'hs_lastmodifieddate', '-hs_lastmodifieddate')
      .map((sort) => [sort]),
    { nil: [] },
  ),
  limit: fc.nat({ max: 4 }),
  after: fc.nat({ max: 3 }).map(String),
});

test('a search by columns and indexes finds what looking at every record finds, and sorts it alike', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.array(search, { maxLength: 4 }), (steps, searches) => {
      const portal = new Portal({ id: 1, plan: 'free', hasAddOn: false, hublet: 'na1', timeZone: 'UTC' });
      const companies: ObjectRecord[] = [];
      let seen: ObjectRecord[] = [];
      const states: { readonly at: number; readonly live: ObjectRecord[] }[] = [];
      let now = 1_000;
      for (const { which, what, city: town, afterMs } of steps) {
        now += afterMs;
        const call = callAt(portal, now);
        const known = companies[which];
        if (known === undefined) {
          companies.push(applyWrite(call, checkCreation(call, { name: `C${companies.length}`, city: town })));
        } else if (what === 'write' && known.archivedAt === undefined) {
          companies[which] = applyWrite(call, checkUpdate(call, known, { city: town }));
        } else if (known.archivedAt === undefined) {
          archiveRecord(call, known);
          companies[which] = { ...known, archivedAt: now };
        }
        states.push({ at: now, live: companies.filter(({ archivedAt }) => archivedAt === undefined) });
        // Half of the indexes are made before the last writes and half after them.
        if (states.length === 10) for (const body of searches) runSearch(call, parseSearch(call, body));
        seen = states.findLast(({ at }) => at <= now - LAG_MS)?.live ?? [];
      }
      for (const body of searches) {
        const call = callAt(portal, now, body);
        const query = parseSearch(call, body);
        const expected = seen.filter(
          (record) =>
            query.groups.length === 0 ||
            query.groups.some((filters) => filters.every(({ test: holds }) => holds(record))),
        );
        const found = runSearch(call, query);
        expect(found.total).toBe(expected.length);
        const sorted = sortPlainly(expected, body.sorts?.[0]);
        expect(found.records.map(({ id }) => id)).toEqual(
          sorted.slice(query.offset, query.offset + query.limit).map(({ id }) => id),
        );
      }
    }),
    { numRuns: 200 },
  );
});

/** Missing values last, ties by creation. */
function sortPlainly(records: readonly ObjectRecord[], sort: string | undefined): readonly ObjectRecord[] {
  if (sort === undefined) return records;
  const sign = sort.startsWith('-') ? -1 : 1;
  const name = sort.replace(/^-/, '');
  const read = ({ id, updatedAt, values }: ObjectRecord): string | number | undefined =>
    name === 'hs_object_id'
      ? Number(id)
      : name === 'hs_lastmodifieddate'
        ? updatedAt
        : values[name]?.toLowerCase();
  return records.toSorted((a, b) => {
    const [left, right] = [read(a), read(b)];
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    return (left < right ? -1 : left > right ? 1 : 0) * sign;
  });
}
