import { beforeEach, expect, test } from 'vitest';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { addToList } from '../actions/add-to-list.ts';
import { removeFromList } from '../actions/remove-from-list.ts';
import { settingsSchema } from '../settings.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
let lists: Map<string, { listId: number; processingType: string; members: Set<string> }>;
let cache: ReturnType<typeof aCache>;
let nowMs: number;

beforeEach(() => {
  lists = new Map([
    ['VIP', { listId: 5, processingType: 'MANUAL', members: new Set() }],
    ['Everyone', { listId: 6, processingType: 'DYNAMIC', members: new Set() }],
  ]);
  cache = aCache();
  nowMs = 1_790_000_000_000;
});

const answered = (status: number, body: unknown): CallResponse => ({ status, headers: {}, body });
const NOT_FOUND = answered(404, { status: 'error', message: 'List does not exist.' });

/** Contacts 1 to 9 are there, and `n@x.io` is the address of contact n. */
function answer({ method, path, body }: Call): CallResponse {
  if (path.endsWith('/batch/read')) {
    const wanted = (body as unknown as { inputs: { id: string }[] }).inputs;
    const results = wanted
      .filter(({ id }) => /^[1-9]@/.test(id))
      .map(({ id }) => ({ id: id[0], properties: { email: id } }));
    return answered(200, { results });
  }
  const change = /\/lists\/2026-09\/(\d+)\/memberships\/(add|remove)$/.exec(path);
  if (change !== null) {
    const list = [...lists.values()].find(({ listId }) => listId === Number(change[1]));
    if (list === undefined) return NOT_FOUND;
    const ids = body as unknown as string[];
    const there = ids.filter((id) => Number(id) < 10);
    const changed = there.filter((id) => list.members.has(id) === (change[2] === 'remove'));
    for (const id of changed) list.members[change[2] === 'add' ? 'add' : 'delete'](id);
    return answered(200, {
      recordsIdsAdded: change[2] === 'add' ? changed : [],
      recordIdsRemoved: change[2] === 'remove' ? changed : [],
      recordIdsMissing: ids.filter((id) => !there.includes(id)),
    });
  }
  if (method === 'POST') {
    const { name, processingType } = body as unknown as { name: string; processingType: string };
    const list = { listId: 7, processingType, members: new Set<string>() };
    lists.set(name, list);
    return answered(200, { list });
  }
  const name = /\/object-type-id\/0-1\/name\/(.+)$/.exec(path)?.[1];
  const list = [...lists].find(([key, { listId }]) =>
    name === undefined ? path.endsWith(`/${String(listId)}`) : key === decodeURIComponent(name),
  )?.[1];
  return list === undefined ? NOT_FOUND : answered(200, { list });
}

function deliver(inputs: readonly object[], action = addToList, options: object = {}, attempt = 1) {
  const batch = inputs.map((input, index) => ({
    input: action.input.parse(input),
    traceId: `t${String(index)}`,
    attempt,
  }));
  const context = { settings, options: action.options.parse(options), cache, nowMs };
  return driveSteps(action.deliver(batch, context), answer);
}

const inVip = (value: string | number): object => ({
  list: { name: 'VIP' },
  member:
    typeof value === 'number'
      ? { type: 'contact', by: 'id', value }
      : { type: 'contact', by: 'email', value },
});

test('members of one list travel in one call, and the list is looked up once', () => {
  const first = deliver([inVip('1@x.io'), inVip('2@x.io'), inVip(3)]);
  expect(first.result).toEqual(['1', '2', '3'].map((id) => ({ kind: 'delivered', remoteId: `5-${id}` })));
  expect(first.calls).toHaveLength(3);
  expect(deliver([inVip(4)]).calls.map(({ method }) => method)).toEqual(['PUT']);
  expect([...(lists.get('VIP')?.members ?? [])]).toEqual(['1', '2', '3', '4']);
});

test('a list may be given by id, and who was a member before is left unchanged', () => {
  const input = { list: { id: 5 }, member: { type: 'contacts', by: 'id', value: 1 } };
  deliver([input]);
  expect(deliver([input]).result).toEqual([{ kind: 'delivered', remoteId: '5-1', notes: ['unchanged'] }]);
});

test('a list that HubSpot lacks is refused, or created where the flow says so', () => {
  const input = { ...inVip(1), list: { name: 'New one' } };
  expect(deliver([input]).result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.list_unknown' } },
  ]);
  expect(deliver([input], addToList, { create: true }).result).toEqual([
    { kind: 'delivered', remoteId: '7-1' },
  ]);
  expect(lists.get('New one')).toMatchObject({ processingType: 'MANUAL' });
});

test('an active list is refused with the reason', () => {
  expect(deliver([{ ...inVip(1), list: { name: 'Everyone' } }]).result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.list_is_active' } },
  ]);
});

test('a member that is not there is waited for, then given up; it costs nobody else', () => {
  const inputs = [inVip('nobody@x.io'), inVip(99), inVip(1)];
  expect(deliver(inputs).result.map(({ kind }) => kind)).toEqual(['retry', 'retry', 'delivered']);
  expect(deliver(inputs, addToList, {}, 6).result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.record_missing' } },
    { kind: 'rejected' },
    { kind: 'delivered' },
  ]);
});

test('removing who is not there, or from a list that is not there, is nothing to do', () => {
  deliver([inVip(1)]);
  const { result } = deliver(
    [inVip(1), inVip('nobody@x.io'), { ...inVip(1), list: { name: 'No such' } }],
    removeFromList,
  );
  expect(result.map(({ kind }) => kind)).toEqual(['delivered', 'skipped', 'skipped']);
  expect(lists.get('VIP')?.members.size).toBe(0);
});

test('one flow can add and remove, in order', () => {
  const input = { ...inVip(1), is_member: true };
  deliver([input]);
  expect(deliver([{ ...input, is_member: false }]).result).toEqual([{ kind: 'delivered', remoteId: '5-1' }]);
  expect(lists.get('VIP')?.members.size).toBe(0);
});

test('a list that was deleted since it was found is looked for again at the next attempt', () => {
  deliver([inVip(1)]);
  lists.clear();
  nowMs += 60_000;
  expect(deliver([inVip(1)]).result).toMatchObject([{ kind: 'retry' }]);
  expect(deliver([inVip(1)]).result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.list_unknown' } },
  ]);
});
