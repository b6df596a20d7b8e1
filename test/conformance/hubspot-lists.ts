import { expect } from 'vitest';
import { make } from './hubspot-associations.ts';
import type { RelationExpectation } from './hubspot-associations.ts';
import {
  archiveRecord,
  changeMembers,
  clearMembers,
  createList,
  createRecord,
  mergeRecords,
  readList,
  readListByName,
  readListsOf,
  readMembers,
  removeList,
  renameList,
  restoreList,
  searchLists,
} from './hubspot-relations-api.ts';
import type { Caller } from './hubspot-relations-api.ts';

async function makeList(caller: Caller, given: object = {}): Promise<string> {
  const answer = await caller.send(
    createList({ name: 'Readers', objectTypeId: '0-1', processingType: 'MANUAL', ...given }),
  );
  expect(answer.status).toBe(200);
  return (answer.body as { list: { listId: string } }).list.listId;
}

async function idsIn(caller: Caller, listId: string): Promise<string[]> {
  const { body } = await caller.send(readMembers(listId));
  return (body as { results: { recordId: string }[] }).results.map(({ recordId }) => recordId);
}

/** All of the property filters hold. */
function where(...filters: readonly [property: string, operation: object][]): object {
  return {
    filterBranchType: 'OR',
    filterBranchOperator: 'OR',
    filters: [],
    filterBranches: [
      {
        filterBranchType: 'AND',
        filterBranchOperator: 'AND',
        filterBranches: [],
        filters: filters.map(([property, operation]) => ({
          filterType: 'PROPERTY',
          property,
          operation: { includeObjectsWithNoValueSet: false, ...operation },
        })),
      },
    ],
  };
}

const IS_ADA = { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: ['ada'] };

export const LIST_EXPECTATIONS: readonly RelationExpectation[] = [
  {
    name: 'members are added and removed, with unknown records told apart',
    run: async (caller) => {
      const list = await makeList(caller);
      const [one, two] = [await make(caller, 'contacts'), await make(caller, 'contacts')];
      expect(await caller.send(changeMembers(list, 'add', [one, two, '42']))).toEqual({
        status: 200,
        body: { recordsIdsAdded: [one, two], recordIdsRemoved: [], recordIdsMissing: ['42'] },
      });
      expect((await caller.send(changeMembers(list, 'add', [one]))).body).toMatchObject({
        recordsIdsAdded: [],
      });
      expect((await caller.send(changeMembers(list, 'remove', [one]))).body).toMatchObject({
        recordIdsRemoved: [one],
      });
      expect(await idsIn(caller, list)).toEqual([two]);
      expect((await caller.send(readListsOf('0-1', two))).body).toMatchObject({
        results: [{ listId: list, listVersion: 1 }],
      });
      expect((await caller.send(clearMembers(list))).status).toBe(204);
      expect(await idsIn(caller, list)).toEqual([]);
    },
  },
  {
    name: 'members are paged by tokens',
    run: async (caller) => {
      const list = await makeList(caller);
      const ids = [
        await make(caller, 'contacts'),
        await make(caller, 'contacts'),
        await make(caller, 'contacts'),
      ];
      await caller.send(changeMembers(list, 'add', ids));
      const first = (await caller.send(readMembers(list, 2))).body as {
        results: { recordId: string }[];
        paging: { next: { after: string } };
      };
      expect(first.results.map(({ recordId }) => recordId)).toEqual(ids.slice(0, 2));
      const rest = await caller.send(readMembers(list, 2, first.paging.next.after));
      expect(rest.body).toMatchObject({ results: [{ recordId: ids[2] }] });
      expect(rest.body).not.toHaveProperty('paging.next');
    },
  },
  {
    name: 'archived members are gone, merged ones are there under the id that survived',
    run: async (caller) => {
      const list = await makeList(caller);
      const [kept, merged, archived] = [
        await make(caller, 'contacts'),
        await make(caller, 'contacts'),
        await make(caller, 'contacts'),
      ];
      await caller.send(changeMembers(list, 'add', [merged, archived]));
      await caller.send(archiveRecord('contacts', archived));
      const { body } = await caller.send(mergeRecords('contacts', kept, merged));
      expect(await idsIn(caller, list)).toEqual([(body as { id: string }).id]);
    },
  },
  {
    name: 'a dynamic list follows its filters, a snapshot keeps what it found, and only the snapshot can be changed',
    run: async (caller) => {
      const first = await make(caller, 'contacts');
      const dynamic = await makeList(caller, {
        name: 'D',
        processingType: 'DYNAMIC',
        filterBranch: where(['firstname', IS_ADA]),
      });
      const snapshot = await makeList(caller, {
        name: 'S',
        processingType: 'SNAPSHOT',
        filterBranch: where(['firstname', IS_ADA]),
      });
      const second = await make(caller, 'contacts');
      await caller.send(createRecord('contacts', { properties: { firstname: 'Bob' } }));
      expect(await idsIn(caller, dynamic)).toEqual([first, second]);
      expect(await idsIn(caller, snapshot)).toEqual([first]);
      expect((await caller.send(changeMembers(dynamic, 'add', [first]))).status).toBe(400);
      await caller.send(changeMembers(snapshot, 'add', [second]));
      expect(await idsIn(caller, snapshot)).toEqual([first, second]);
      expect((await caller.send(readList(dynamic, true))).body).toMatchObject({
        list: { size: 2, filterBranch: { filterBranchType: 'OR' } },
      });
    },
  },
  {
    name: 'a list is made once per name, and read, searched, renamed, deleted and restored',
    run: async (caller) => {
      const list = await makeList(caller);
      expect(
        await caller.send(createList({ name: 'Readers', objectTypeId: '0-1', processingType: 'MANUAL' })),
      ).toMatchObject({
        status: 400,
        body: { subCategory: 'ILS.DUPLICATE_LIST_NAMES' },
      });
      expect((await caller.send(readListByName('Readers', '0-1'))).body).toMatchObject({
        list: { listId: list },
      });
      expect(await caller.send(readListByName('Writers', '0-2'))).toMatchObject({
        status: 404,
        body: { message: 'List does not exist with name Writers and object type ID 0-2.' },
      });
      expect(await caller.send(renameList(list, 'Writers'))).toMatchObject({
        status: 200,
        body: { updatedList: { name: 'Writers', listVersion: 2 } },
      });
      expect(
        (await caller.send(searchLists({ query: 'WRIT', processingTypes: ['MANUAL'] }))).body,
      ).toMatchObject({
        total: 1,
        hasMore: false,
        lists: [{ listId: list, additionalProperties: { hs_list_size: '0' } }],
      });
      expect((await caller.send(removeList(list))).status).toBe(204);
      expect((await caller.send(readList(list))).status).toBe(404);
      expect((await caller.send(restoreList(list))).status).toBe(204);
      expect((await caller.send(readList(list))).status).toBe(200);
    },
  },
  {
    name: 'filters that the emulator cannot follow are refused, not guessed at',
    run: async (caller) => {
      const withBranch = (filterBranch: unknown): ReturnType<Caller['send']> =>
        caller.send(createList({ name: 'D', objectTypeId: '0-1', processingType: 'DYNAMIC', filterBranch }));
      const rolling = {
        operationType: 'ROLLING_DATE_RANGE',
        operator: 'IS_LESS_THAN_X_DAYS_AGO',
        numberOfDays: 3,
      };
      expect((await withBranch(where(['createdate', rolling]))).status).toBe(501);
      expect((await withBranch(where(['no_such_property', IS_ADA]))).status).toBe(400);
      expect((await withBranch(undefined)).status).toBe(400);
      expect((await withBranch({ filterBranchType: 'AND', filters: [], filterBranches: [] })).status).toBe(
        400,
      );
    },
  },
];
