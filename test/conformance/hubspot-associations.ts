import { expect } from 'vitest';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { DEFAULT_PORTAL_ID } from '../../emulators/hubspot/index.ts';
import type { Answer } from './hubspot-emulator-api.ts';
import {
  archiveRecord,
  batchLinks,
  configure,
  createRecord,
  labels,
  link,
  linkPlainly,
  mergeRecords,
  readLinks,
  unlink,
} from './hubspot-relations-api.ts';
import type { Caller } from './hubspot-relations-api.ts';

/** Something that holds on every version and through every client. */
export interface RelationExpectation {
  readonly name: string;
  readonly run: (caller: Caller, emulator: HubspotEmulator) => Promise<void>;
}

const TYPES = ['contacts', 'companies', 'deals', 'notes'] as const;
const REQUIRED: Readonly<Record<(typeof TYPES)[number], Record<string, string>>> = {
  contacts: { firstname: 'Ada' },
  companies: { name: 'Acme' },
  deals: { dealname: 'Big' },
  notes: { hs_timestamp: '2026-11-01T00:00:00Z', hs_note_body: 'Hello' },
};

export async function make(caller: Caller, type: (typeof TYPES)[number]): Promise<string> {
  const answer = await caller.send(createRecord(type, { properties: REQUIRED[type] }));
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

const spec = (associationTypeId: number, associationCategory = 'HUBSPOT_DEFINED'): unknown => ({
  associationCategory,
  associationTypeId,
});

/** What a record is linked with, by the one call that every version has: `id` to sorted `category:typeId`. */
async function linksOf(
  caller: Caller,
  from: string,
  id: string,
  to: string,
): Promise<Record<string, string[]>> {
  const { body } = await caller.send(batchLinks('read', from, to, [{ id }]));
  const { results } = body as {
    results: readonly {
      to: readonly { toObjectId: number; associationTypes: { category: string; typeId: number }[] }[];
    }[];
  };
  return Object.fromEntries(
    results
      .flatMap((result) => result.to)
      .map(({ toObjectId, associationTypes }) => [
        String(toObjectId),
        associationTypes.map(({ category, typeId }) => `${category}:${typeId}`).toSorted(),
      ]),
  );
}

async function addLabel(
  caller: Caller,
  from: string,
  to: string,
  given: object,
): Promise<readonly { readonly typeId: number; readonly label: string }[]> {
  const answer = await caller.send(labels('POST', from, to, given));
  expect(answer.status).toBe(200);
  return (answer.body as { results: readonly { typeId: number; label: string }[] }).results;
}

const errorsOf = (answer: Answer): readonly Record<string, unknown>[] =>
  (answer.body as { errors: readonly Record<string, unknown>[] }).errors;

export const ASSOCIATION_EXPECTATIONS: readonly RelationExpectation[] = [
  {
    name: 'the default link has the documented type ids in both directions',
    run: async (caller) => {
      const [contact, deal] = [await make(caller, 'contacts'), await make(caller, 'deals')];
      expect(await caller.send(linkPlainly('deals', deal, 'contacts', contact))).toMatchObject({
        status: 200,
        body: {
          status: 'COMPLETE',
          results: [
            { from: { id: deal }, to: { id: contact }, associationSpec: spec(3) },
            { from: { id: contact }, to: { id: deal }, associationSpec: spec(4) },
          ],
        },
      });
      expect(await linksOf(caller, 'contacts', contact, 'deals')).toEqual({ [deal]: ['HUBSPOT_DEFINED:4'] });
      expect(await linksOf(caller, 'deals', deal, 'contacts')).toEqual({ [contact]: ['HUBSPOT_DEFINED:3'] });
    },
  },
  {
    name: 'an activity is linked by its own type ids',
    run: async (caller) => {
      const [contact, note] = [await make(caller, 'contacts'), await make(caller, 'notes')];
      const answer = await caller.send(link('notes', note, 'contacts', contact, [spec(202)]));
      expect(answer).toMatchObject({ status: 201, body: { fromObjectTypeId: '0-46', labels: [] } });
      expect(await linksOf(caller, 'contacts', contact, 'notes')).toEqual({
        [note]: ['HUBSPOT_DEFINED:201'],
      });
    },
  },
  {
    name: 'a record is created with its associations, or not at all',
    run: async (caller) => {
      const contact = await make(caller, 'contacts');
      const associations = [{ to: { id: contact }, types: [spec(3)] }];
      const created = await caller.send(
        createRecord('deals', { properties: { dealname: 'D' }, associations }),
      );
      expect(created.status).toBe(201);
      const deal = (created.body as { id: string }).id;
      expect(await linksOf(caller, 'contacts', contact, 'deals')).toEqual({ [deal]: ['HUBSPOT_DEFINED:4'] });
      const missing = [{ to: { id: '42' }, types: [spec(3)] }];
      const refused = await caller.send(
        createRecord('deals', { properties: { dealname: 'D' }, associations: missing }),
      );
      expect(refused).toMatchObject({
        status: 404,
        body: { message: 'No contact with ID 42 exists', category: 'OBJECT_NOT_FOUND' },
      });
    },
  },
  {
    name: "a contact's first company is its primary one, and another takes its place only when told to",
    run: async (caller) => {
      const contact = await make(caller, 'contacts');
      const [first, second] = [await make(caller, 'companies'), await make(caller, 'companies')];
      await caller.send(linkPlainly('companies', first, 'contacts', contact));
      await caller.send(linkPlainly('contacts', contact, 'companies', second));
      const plain = ['HUBSPOT_DEFINED:279'];
      const primary = ['HUBSPOT_DEFINED:1', 'HUBSPOT_DEFINED:279'];
      expect(await linksOf(caller, 'contacts', contact, 'companies')).toEqual({
        [first]: primary,
        [second]: plain,
      });
      await caller.send(link('contacts', contact, 'companies', second, [spec(1)]));
      expect(await linksOf(caller, 'contacts', contact, 'companies')).toEqual({
        [first]: plain,
        [second]: primary,
      });
      expect(await linksOf(caller, 'companies', second, 'contacts')).toEqual({
        [contact]: ['HUBSPOT_DEFINED:2', 'HUBSPOT_DEFINED:280'],
      });
    },
  },
  {
    name: 'a label reads differently from both ends and comes with the plain association',
    run: async (caller) => {
      const [contact, deal] = [await make(caller, 'contacts'), await make(caller, 'deals')];
      const [forward, backward] = await addLabel(caller, 'contacts', 'deals', {
        name: 'buyer',
        label: 'Buyer of',
        inverseLabel: 'Bought by',
      });
      // Labels share their numbers with HubSpot's own types: only the category tells them apart.
      expect([forward, backward]).toMatchObject([
        { typeId: 1, label: 'Buyer of' },
        { typeId: 2, label: 'Bought by' },
      ]);
      const linked = await caller.send(link('contacts', contact, 'deals', deal, [spec(1, 'USER_DEFINED')]));
      expect(linked).toMatchObject({ status: 201, body: { labels: ['Buyer of'] } });
      expect(await linksOf(caller, 'deals', deal, 'contacts')).toEqual({
        [contact]: ['HUBSPOT_DEFINED:3', 'USER_DEFINED:2'],
      });
    },
  },
  {
    name: 'PUT of a pair replaces its labels, batch create adds to them',
    run: async (caller) => {
      const [contact, deal] = [await make(caller, 'contacts'), await make(caller, 'deals')];
      for (const name of ['a', 'b', 'c']) {
        await addLabel(caller, 'contacts', 'deals', { name, label: name, inverseLabel: `${name} of` });
      }
      const [a, b, c] = [spec(1, 'USER_DEFINED'), spec(3, 'USER_DEFINED'), spec(5, 'USER_DEFINED')];
      await caller.send(link('contacts', contact, 'deals', deal, [a, b]));
      await caller.send(link('contacts', contact, 'deals', deal, [b]));
      await caller.send(
        batchLinks('create', 'contacts', 'deals', [{ from: { id: contact }, to: { id: deal }, types: [c] }]),
      );
      expect(await linksOf(caller, 'contacts', contact, 'deals')).toEqual({
        [deal]: ['HUBSPOT_DEFINED:4', 'USER_DEFINED:3', 'USER_DEFINED:5'],
      });
      const removed = await caller.send(
        batchLinks('labels/archive', 'contacts', 'deals', [
          { from: { id: contact }, to: { id: deal }, types: [b, c] },
        ]),
      );
      expect(removed.status).toBe(caller.version === 'v3' ? 204 : 200);
      expect(await linksOf(caller, 'contacts', contact, 'deals')).toEqual({ [deal]: ['HUBSPOT_DEFINED:4'] });
    },
  },
  {
    name: 'batch create answers with the status of its version, links twice without harm and tells missing rows apart',
    run: async (caller) => {
      const [contact, deal] = [await make(caller, 'contacts'), await make(caller, 'deals')];
      const row = (from: string, to: string): unknown => ({
        from: { id: from },
        to: { id: to },
        types: [spec(4)],
      });
      const isLatest = caller.version === '2026-09';
      const first = await caller.send(batchLinks('create', 'contacts', 'deals', [row(contact, deal)]));
      expect(first.status).toBe(isLatest ? 200 : 201);
      const mixed = await caller.send(
        batchLinks('create', 'contacts', 'deals', [row(contact, deal), row(contact, '42'), row('43', deal)]),
      );
      expect(mixed.status).toBe(isLatest ? 200 : 207);
      expect(mixed.body).toMatchObject({ status: 'COMPLETE', numErrors: 2 });
      expect((mixed.body as { results: unknown[] }).results).toHaveLength(1);
      expect(errorsOf(mixed)).toMatchObject([
        {
          category: 'OBJECT_NOT_FOUND',
          subCategory: 'crm.associations.TO_OBJECT_NOT_FOUND',
          message: 'No deal with ID 42 exists',
          context: { objectType: ['deal'], id: ['42'] },
        },
        {
          subCategory: 'crm.associations.FROM_OBJECT_NOT_FOUND',
          message: 'No contact with ID 43 exists',
        },
      ]);
    },
  },
  {
    name: 'batch default links and batch archive unlinks, each many at once',
    run: async (caller) => {
      const contact = await make(caller, 'contacts');
      const deals = [await make(caller, 'deals'), await make(caller, 'deals')];
      const inputs = deals.map((deal) => ({ from: { id: contact }, to: { id: deal } }));
      const linked = await caller.send(batchLinks('associate/default', 'contacts', 'deals', inputs));
      expect(linked.status).toBe(200);
      expect(Object.keys(await linksOf(caller, 'contacts', contact, 'deals'))).toEqual(deals);
      const archived = await caller.send(
        batchLinks('archive', 'contacts', 'deals', [
          { from: { id: contact }, to: deals.map((id) => ({ id })) },
        ]),
      );
      expect(archived.status).toBe(caller.version === 'v3' ? 204 : 200);
      expect(await linksOf(caller, 'contacts', contact, 'deals')).toEqual({});
    },
  },
  {
    name: 'a batch read tells which records have no associations',
    run: async (caller) => {
      const contact = await make(caller, 'contacts');
      const answer = await caller.send(batchLinks('read', 'contacts', 'deals', [{ id: contact }]));
      expect(answer.status).toBe(caller.version === '2026-09' ? 200 : 207);
      expect(errorsOf(answer)).toMatchObject([
        {
          subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
          message: `No deal is associated with contact ${contact}.`,
          context: { fromObjectId: [contact] },
        },
      ]);
    },
  },
  {
    name: "one record's associations are paged, except on 2026-09, which has no such call",
    run: async (caller) => {
      const contact = await make(caller, 'contacts');
      const deals = [await make(caller, 'deals'), await make(caller, 'deals'), await make(caller, 'deals')];
      for (const deal of deals) await caller.send(linkPlainly('contacts', contact, 'deals', deal));
      const first = await caller.send(readLinks('contacts', contact, 'deals', 2));
      if (caller.version === '2026-09') {
        expect(first.status).toBe(404);
        return;
      }
      const { results, paging } = first.body as {
        results: { toObjectId: number }[];
        paging: { next: { after: string } };
      };
      expect(results.map(({ toObjectId }) => String(toObjectId))).toEqual(deals.slice(0, 2));
      const rest = await caller.send(readLinks('contacts', contact, 'deals', 2, paging.next.after));
      expect(rest.body).toMatchObject({ results: [{ toObjectId: Number(deals[2]) }] });
      expect(rest.body).not.toHaveProperty('paging.next');
    },
  },
  {
    name: 'unlinking answers 204 whether there was a link or not',
    run: async (caller) => {
      const [contact, deal] = [await make(caller, 'contacts'), await make(caller, 'deals')];
      await caller.send(linkPlainly('contacts', contact, 'deals', deal));
      for (const _time of ['first', 'second']) {
        expect(await caller.send(unlink('deals', deal, 'contacts', contact))).toEqual({
          status: 204,
          body: '',
        });
      }
      expect(await linksOf(caller, 'contacts', contact, 'deals')).toEqual({});
    },
  },
  {
    name: 'labels are listed, renamed and deleted, and a deleted one leaves its links plain',
    run: async (caller) => {
      const [contact, deal] = [await make(caller, 'contacts'), await make(caller, 'deals')];
      await addLabel(caller, 'contacts', 'deals', { name: 'x', label: 'X' });
      await caller.send(link('contacts', contact, 'deals', deal, [spec(1, 'USER_DEFINED')]));
      const renamed = await caller.send(
        labels('PUT', 'contacts', 'deals', { associationTypeId: 1, label: 'Y' }),
      );
      expect(renamed).toEqual({ status: 204, body: '' });
      expect(await caller.send(labels('GET', 'deals', 'contacts'))).toMatchObject({
        status: 200,
        body: {
          results: [
            { category: 'HUBSPOT_DEFINED', typeId: 3, label: null },
            { category: 'USER_DEFINED', typeId: 2, label: 'Y' },
          ],
        },
      });
      expect((await caller.send(labels('DELETE', 'contacts', 'deals', 1))).status).toBe(204);
      expect(await linksOf(caller, 'contacts', contact, 'deals')).toEqual({ [deal]: ['HUBSPOT_DEFINED:4'] });
    },
  },
  {
    name: 'an account may limit how many records a record is linked with',
    run: async (caller) => {
      const contact = await make(caller, 'contacts');
      const deals = [await make(caller, 'deals'), await make(caller, 'deals')];
      const limit = { category: 'HUBSPOT_DEFINED', typeId: 4, maxToObjectIds: 1 };
      expect(await caller.send(configure('create', 'contacts', 'deals', [limit]))).toMatchObject({
        status: 201,
        body: { results: [{ typeId: 4, userEnforcedMaxToObjectIds: 1 }] },
      });
      const inputs = deals.map((deal) => ({ from: { id: contact }, to: { id: deal } }));
      const answer = await caller.send(batchLinks('associate/default', 'contacts', 'deals', inputs));
      expect(errorsOf(answer)).toHaveLength(1);
      expect((await caller.send(configure('purge', 'contacts', 'deals', [limit]))).status).toBe(204);
      await caller.send(batchLinks('associate/default', 'contacts', 'deals', inputs));
      expect(Object.keys(await linksOf(caller, 'contacts', contact, 'deals'))).toEqual(deals);
    },
  },
  {
    name: 'an archived record is linked with nothing, a merged one leaves its links to the survivor',
    run: async (caller) => {
      const [contact, other] = [await make(caller, 'contacts'), await make(caller, 'contacts')];
      const [deal, gone] = [await make(caller, 'deals'), await make(caller, 'deals')];
      await caller.send(linkPlainly('contacts', other, 'deals', deal));
      await caller.send(linkPlainly('contacts', other, 'deals', gone));
      await caller.send(archiveRecord('deals', gone));
      const merged = await caller.send(mergeRecords('contacts', contact, other));
      expect(merged.status).toBe(200);
      const survivor = (merged.body as { id: string }).id;
      expect(await linksOf(caller, 'contacts', survivor, 'deals')).toEqual({ [deal]: ['HUBSPOT_DEFINED:4'] });
    },
  },
  {
    name: 'a token needs the scopes of both objects',
    run: async (caller, emulator) => {
      const scopes = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];
      emulator.admin.seed({
        portals: [{ portalId: DEFAULT_PORTAL_ID, tokens: [{ token: 'pat-na1-emulator', scopes }] }],
      });
      const inputs = [{ from: { id: '1' }, to: { id: '2' } }];
      expect(await caller.send(batchLinks('associate/default', 'contacts', 'deals', inputs))).toMatchObject({
        status: 403,
        body: {
          category: 'MISSING_SCOPES',
          errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.write'] } }],
        },
      });
    },
  },
];
