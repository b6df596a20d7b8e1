import { beforeEach, expect, test } from 'vitest';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import type { RecordRef } from '../records/record-ref.ts';
import { settingsSchema } from '../settings.ts';
import type { Link } from './link.ts';
import { linkRecords } from './link-records.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
let cache: ReturnType<typeof aCache>;
let onCall: (call: Call) => CallResponse | undefined;

beforeEach(() => {
  cache = aCache();
  onCall = () => undefined;
});

interface Input {
  readonly id: string;
  readonly from: { readonly id: string };
  readonly to: { readonly id: string };
}

const answered = (body: unknown, status = 200): CallResponse => ({ status, headers: {}, body });
const inputsOf = ({ body }: Call): readonly Input[] => (body as unknown as { inputs: Input[] }).inputs;

// a@x.io is 1, b@x.io is 2 …; nobody else is there.
const CONTACTS = ['a@x.io', 'b@x.io', 'c@x.io'];

function answer(call: Call): CallResponse {
  const scripted = onCall(call);
  if (scripted !== undefined) return scripted;
  if (call.path.endsWith('/batch/read')) {
    const results = inputsOf(call).flatMap(({ id }) =>
      CONTACTS.includes(id)
        ? [{ id: String(CONTACTS.indexOf(id) + 1), properties: { email: id, hs_additional_emails: null } }]
        : [],
    );
    return answered({ status: 'COMPLETE', results });
  }
  if (call.path.endsWith('/labels'))
    return answered({ results: [{ category: 'USER_DEFINED', typeId: 77, label: 'Editor' }] });
  const isLabelled = call.path.endsWith('/batch/create');
  const results = inputsOf(call).map(({ from, to }) =>
    isLabelled ? { fromObjectId: Number(from.id), toObjectId: to.id, labels: [] } : { from, to },
  );
  return answered({ status: 'COMPLETE', results });
}

const contact = (email: string): RecordRef => ({ type: 'contacts', by: 'email', value: email });
const company = (id: string): RecordRef => ({ type: 'companies', by: 'id', value: id });
const aLink = (email: string, id: string, rest: Partial<Link> = {}): Link => ({
  from: contact(email),
  to: company(id),
  ...rest,
});

function link(...links: Link[]) {
  return driveSteps(linkRecords(links, { settings, cache, nowMs: 1_790_000_000_000 }), answer);
}

const ends = (calls: readonly Call[]): string[] => calls.map(({ path }) => path.replace(/^.*2026-09/, ''));

test('links of one kind cost a read and a write, and only the write while the ids are known', () => {
  const links = [aLink('a@x.io', '9'), aLink('B@x.io', '9')];
  const first = link(...links);
  expect(first.result).toEqual([
    { kind: 'linked', fromId: '1', toId: '9' },
    { kind: 'linked', fromId: '2', toId: '9' },
  ]);
  expect(ends(first.calls)).toEqual(['/contacts/batch/read', '/contacts/companies/batch/associate/default']);
  expect(ends(link(...links).calls)).toEqual(['/contacts/companies/batch/associate/default']);
});

test('2,001 links take two calls', () => {
  const links = Array.from({ length: 2_001 }, (_, index) => aLink('a@x.io', String(index + 10)));
  const { result, calls } = link(...links);
  expect(new Set(result.map(({ kind }) => kind))).toEqual(new Set(['linked']));
  expect(calls.slice(1).map((call) => inputsOf(call).length)).toEqual([2_000, 1]);
});

test('the primary company needs no look at the labels, another label is looked up once', () => {
  const { calls } = link(
    aLink('a@x.io', '9', { label: 'Primary' }),
    aLink('a@x.io', '8', { label: 'editor' }),
  );
  expect(ends(calls)).toEqual([
    '/contacts/batch/read',
    '/contacts/companies/labels',
    '/contacts/companies/batch/create',
  ]);
  expect(inputsOf(calls[2] as Call)).toMatchObject([
    { types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }] },
    { types: [{ associationCategory: 'USER_DEFINED', associationTypeId: 77 }] },
  ]);
});

test('a pair with two labels travels in two calls, because a call takes a pair once', () => {
  const { result, calls } = link(
    aLink('a@x.io', '9', { label: 'Primary' }),
    aLink('a@x.io', '9', { label: 'Editor' }),
  );
  expect(result.map(({ kind }) => kind)).toEqual(['linked', 'linked']);
  expect(ends(calls).filter((path) => path.endsWith('/batch/create'))).toHaveLength(2);
});

test('an unknown label is refused, or created where that is asked for', () => {
  expect(link(aLink('a@x.io', '9', { label: 'Boss' })).result).toMatchObject([
    { kind: 'failed', outcome: { kind: 'rejected', fault: { code: 'hubspot.label_unknown' } } },
  ]);
  let isMade = false;
  onCall = ({ method, path }) => {
    if (!path.endsWith('/labels')) return undefined;
    isMade ||= method === 'POST';
    return answered({ results: isMade ? [{ category: 'USER_DEFINED', typeId: 78, label: 'Boss' }] : [] });
  };
  const { result, calls } = link(
    aLink('a@x.io', '9', { label: 'Boss', inverse_label: 'Works for', create_label: true }),
  );
  expect(result).toMatchObject([{ kind: 'linked' }]);
  expect(calls.find(({ method, path }) => method === 'POST' && path.endsWith('/labels'))?.body).toEqual({
    name: 'boss',
    label: 'Boss',
    inverseLabel: 'Works for',
  });
});

test('an end that is not there is named and costs its own link only', () => {
  const { result } = link(aLink('nobody@x.io', '9'), aLink('a@x.io', '9'));
  expect(result).toMatchObject([
    { kind: 'missing', end: 'from', fault: { code: 'hubspot.record_missing' } },
    { kind: 'linked' },
  ]);
  expect(JSON.stringify(result)).not.toContain('nobody');
});

function notFound(side: 'FROM' | 'TO', id: string): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: `crm.associations.${side}_OBJECT_NOT_FOUND`,
    message: `No company with ID ${id} exists`,
    context: { objectType: ['company'], id: [id] },
  };
}

test.each([200, 207])('a row error of a %i is that row only', (status) => {
  onCall = (call) => {
    if (!call.path.endsWith('/associate/default')) return undefined;
    const results = inputsOf(call).filter(({ to }) => to.id !== '404');
    return answered({ results, numErrors: 1, errors: [notFound('TO', '404')] }, status);
  };
  expect(link(aLink('a@x.io', '404'), aLink('b@x.io', '9')).result).toMatchObject([
    { kind: 'missing', end: 'to' },
    { kind: 'linked' },
  ]);
});

test('a call that is refused whole for one record links the others', () => {
  onCall = (call) =>
    call.path.endsWith('/associate/default') && inputsOf(call).some(({ from }) => from.id === '2')
      ? answered(notFound('FROM', '2'), 404)
      : undefined;
  const links = [aLink('a@x.io', '9'), aLink('b@x.io', '9'), aLink('c@x.io', '9')];
  expect(link(...links).result.map(({ kind }) => kind)).toEqual(['linked', 'missing', 'linked']);
  // The id of b@x.io was wrong, so the next attempt looks again.
  expect(ends(link(...links).calls)[0]).toBe('/contacts/batch/read');
});

test('a refusal that names no record is narrowed down by halving', () => {
  onCall = (call) =>
    call.path.endsWith('/associate/default') && inputsOf(call).some(({ to }) => to.id === '13')
      ? answered({ category: 'VALIDATION_ERROR', message: 'limit' }, 400)
      : undefined;
  const links = ['10', '11', '12', '13', '14'].map((id) => aLink('a@x.io', id));
  expect(link(...links).result.map(({ kind }) => kind)).toEqual([
    'linked',
    'linked',
    'linked',
    'failed',
    'linked',
  ]);
});

test('a 2xx without the pair is a refusal of the pair', () => {
  onCall = (call) =>
    call.path.endsWith('/associate/default') ? answered({ results: inputsOf(call).slice(0, 1) }) : undefined;
  expect(link(aLink('a@x.io', '9'), aLink('b@x.io', '9')).result).toMatchObject([
    { kind: 'linked' },
    { kind: 'failed', outcome: { kind: 'rejected', fault: { code: 'hubspot.item_missing' } } },
  ]);
});

test('companies are found by domain with a search, the oldest where several have it', () => {
  onCall = ({ path }) =>
    path.endsWith('/companies/search')
      ? answered({
          total: 2,
          results: [
            { id: '50', properties: { domain: 'x.io' } },
            { id: '51', properties: { domain: 'x.io' } },
          ],
        })
      : undefined;
  const to: RecordRef = { type: 'companies', by: 'domain', value: 'X.io' };
  expect(link({ from: contact('a@x.io'), to }).result).toEqual([{ kind: 'linked', fromId: '1', toId: '50' }]);
});
