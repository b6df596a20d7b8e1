import { expect } from 'vitest';
import type { Answer, HubspotApi } from './hubspot-emulator-api.ts';
import { createContact, idOf, seedTwoAddresses } from './hubspot-emulator-contacts.ts';
import type { Expectation } from './hubspot-emulator-contacts.ts';

interface Envelope {
  readonly results: readonly {
    readonly id: string;
    readonly new?: boolean;
    readonly properties: Record<string, string>;
  }[];
  readonly numErrors?: number;
  readonly errors?: readonly {
    readonly category: string;
    readonly message: string;
    readonly context: Record<string, string[]>;
  }[];
}

function envelopeOf(answer: Answer): Envelope {
  return answer.body as Envelope;
}

/** What a partly failed batch answers: 2026-09 is taken at its published specification. */
function partial(api: HubspotApi, whole: 200 | 201): number {
  return api.version === '2026-09' ? whole : 207;
}

const upsert = (email: string, properties: object = {}, trace?: string): Record<string, unknown> => ({
  id: email,
  idProperty: 'email',
  properties: { email, ...properties },
  ...(trace === undefined ? {} : { objectWriteTraceId: trace }),
});

export const BATCH_EXPECTATIONS: readonly Expectation[] = [
  {
    name: 'an upsert creates and updates, and says which',
    run: async (api, emulator) => {
      const id = await seedTwoAddresses(api, emulator);
      const answer = await api.batch('upsert', {
        inputs: [
          upsert('New@x.com', { firstname: 'N' }, 't-1'),
          { id: 'OLD@x.com', idProperty: 'email', properties: { city: 'Oslo' }, objectWriteTraceId: 't-2' },
        ],
      });
      expect(answer.status).toBe(200);
      const { results, numErrors } = envelopeOf(answer);
      expect(numErrors).toBeUndefined();
      expect(results).toHaveLength(2);
      expect(results.find((result) => result.id === id)).toMatchObject({
        new: false,
        properties: { city: 'Oslo' },
      });
      expect(results.find((result) => result.id !== id)).toMatchObject({
        new: true,
        properties: { email: 'new@x.com' },
      });
    },
  },
  {
    name: 'two inputs with one record refuse the whole batch: same address, other case, secondary address',
    run: async (api, emulator) => {
      await seedTwoAddresses(api, emulator);
      for (const [one, two] of [
        ['n@x.com', 'N@x.com'],
        ['main@x.com', 'old@x.com'],
      ] as const) {
        const answer = await api.batch('upsert', {
          inputs: [upsert(one, {}, '1'), upsert('free@x.com', {}, '2'), upsert(two, {}, '3')],
        });
        expect(answer).toMatchObject({
          status: 400,
          body: {
            message: `Duplicate IDs found in batch input: [${two}]. IDs must be unique`,
            context: { ids: [two] },
          },
        });
      }
      expect((await api.read('free@x.com', { idProperty: 'email' })).status).toBe(404);
    },
  },
  {
    name: 'one bad input is alone at fault when every input has a trace id of its own',
    run: async (api) => {
      const answer = await api.batch('upsert', {
        inputs: [
          upsert('a@x.com', {}, '1'),
          upsert('b@x.com', { nonsense: 'x' }, '2'),
          { ...upsert('@', {}, '3') },
        ],
      });
      expect(answer.status).toBe(partial(api, 200));
      const { results, numErrors, errors } = envelopeOf(answer);
      expect(results.map(({ properties }) => properties['email'])).toEqual(['a@x.com']);
      expect(numErrors).toBe(2);
      expect(errors).toMatchObject([
        { category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['2'] } },
        { message: 'Property value "@" is not a valid email', context: { objectWriteTraceId: ['3'] } },
      ]);
    },
  },
  {
    name: 'one bad input refuses all of them when trace ids are missing or shared',
    run: async (api) => {
      for (const trace of [undefined, 'same']) {
        const answer = await api.batch('upsert', {
          inputs: [upsert('a@x.com', {}, trace), upsert('b@x.com', { nonsense: 'x' }, trace)],
        });
        expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: 'PROPERTY_DOESNT_EXIST' }] } });
      }
      expect((await api.read('a@x.com', { idProperty: 'email' })).status).toBe(404);
    },
  },
  {
    name: 'an upsert works by a custom unique property, and by no other',
    run: async (api) => {
      await api.createProperty({
        groupName: 'contactinformation',
        name: 'member_no',
        label: 'Member',
        type: 'string',
        fieldType: 'text',
        hasUniqueValue: true,
      });
      const by = (idProperty: string | undefined, id: string, properties: object): object => ({
        inputs: [{ id, properties, ...(idProperty === undefined ? {} : { idProperty }) }],
      });
      const created = await api.batch('upsert', { ...by('member_no', 'm1', { email: 'm@x.com' }) });
      expect(envelopeOf(created).results).toMatchObject([{ new: true, properties: { member_no: 'm1' } }]);
      const updated = await api.batch('upsert', { ...by('member_no', 'm1', { city: 'Oslo' }) });
      expect(envelopeOf(updated).results).toMatchObject([{ new: false }]);
      expect(await api.batch('upsert', { ...by('city', 'Oslo', {}) })).toMatchObject({
        status: 400,
        body: {
          message: 'Unable to perform update/upsert by non-unique 0-1 property city in portal ID 1000001',
        },
      });
      expect(await api.batch('upsert', { ...by(undefined, 'm1', {}) })).toMatchObject({
        status: 400,
        body: { message: 'Upserts in a single batch must specify its unique property using idProperty' },
      });
      // Another contact cannot take the value.
      expect(await api.create({ properties: { member_no: 'm1' }, associations: [] })).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('propertyName=member_no, value=m1} on ') as unknown },
      });
    },
  },
  {
    name: 'a batch create with a taken address creates nothing and names the first conflict only',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      const inputs = ['free@x.com', 'a@x.com', 'A@x.com'].map((email) => ({
        properties: { email },
        associations: [],
      }));
      expect(await api.batch('create', { inputs })).toMatchObject({
        status: 409,
        body: { message: `Contact already exists. Existing ID: ${id}`, category: 'CONFLICT' },
      });
      expect((await api.read('free@x.com', { idProperty: 'email' })).status).toBe(404);
      const traced = inputs.map((input, index) => ({ ...input, objectWriteTraceId: String(index) }));
      const answer = await api.batch('create', { inputs: traced });
      expect(answer.status).toBe(partial(api, 201));
      expect(envelopeOf(answer)).toMatchObject({
        numErrors: 2,
        results: [{ properties: { email: 'free@x.com' } }],
      });
    },
  },
  {
    name: 'a batch update spares what it finds and lists the missing ids together',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      const update = (to: string): object => ({ id: to, properties: { city: 'Oslo' } });
      const answer = await api.batch('update', { inputs: [update('1'), update(id), update('2')] });
      expect(answer.status).toBe(partial(api, 200));
      expect(envelopeOf(answer)).toMatchObject({
        results: [{ id, properties: { city: 'Oslo' } }],
        numErrors: 1,
        errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['1', '2'] } }],
      });
    },
  },
  {
    name: 'a batch update by e-mail or by hs_object_id as id property is refused',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      for (const [idProperty, value] of [
        ['email', 'a@x.com'],
        ['hs_object_id', id],
      ] as const) {
        const inputs = [{ id: value, idProperty, properties: { city: 'x' } }];
        expect(await api.batch('update', { inputs })).toMatchObject({
          status: 400,
          body: {
            message: `Unable to perform update/upsert by non-unique 0-1 property ${idProperty} in portal ID 1000001`,
          },
        });
      }
    },
  },
  {
    name: 'a batch read by address finds primary and secondary ones and lists the rest',
    run: async (api, emulator) => {
      const id = await seedTwoAddresses(api, emulator);
      const other = await createContact(api, { email: 'b@x.com' });
      const answer = await api.batch('read', {
        idProperty: 'email',
        properties: ['firstname'],
        propertiesWithHistory: [],
        inputs: [{ id: 'b@x.com' }, { id: 'OLD@x.com' }, { id: 'gone@x.com' }],
      });
      expect(answer.status).toBe(partial(api, 200));
      expect(envelopeOf(answer).results.map((result) => result.id)).toEqual([id, other]);
      expect(envelopeOf(answer).errors).toMatchObject([{ context: { ids: ['gone@x.com'] } }]);
      const found = await api.batch('read', { properties: [], propertiesWithHistory: [], inputs: [{ id }] });
      expect(found).toMatchObject({ status: 200 });
      expect(found.body).not.toHaveProperty('errors');
    },
  },
  {
    name: 'a batch takes a hundred inputs and no more, and none is none',
    run: async (api) => {
      const inputs = Array.from({ length: 101 }, (_none, n) => upsert(`c${n}@x.com`));
      expect((await api.batch('upsert', { inputs })).status).toBe(400);
      expect((await api.batch('upsert', { inputs: [] })).status).toBe(400);
      const answer = await api.batch('upsert', { inputs: inputs.slice(0, 100) });
      expect([answer.status, envelopeOf(answer).results.length]).toEqual([200, 100]);
    },
  },
  {
    name: 'a batch read with history takes fifty inputs, or as many as a switch says',
    run: async (api, emulator) => {
      const inputs = Array.from({ length: 51 }, (_none, n) => ({ id: `c${n}@x.com` }));
      const read = (propertiesWithHistory: string[], some = inputs) =>
        api.batch('read', { idProperty: 'email', properties: [], propertiesWithHistory, inputs: some });
      const refused = await read(['lastname']);
      expect(refused).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
      expect((await read(['lastname'], inputs.slice(1))).status).toBe(partial(api, 200));
      expect((await read([])).status).toBe(partial(api, 200));
      emulator.admin.seed({ switches: { batchReadsWithHistoryMax: 100 } });
      expect((await read(['lastname'])).status).toBe(partial(api, 200));
    },
  },
  {
    name: 'a batch archive answers 204 and leaves nothing to read',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      expect(await api.batch('archive', { inputs: [{ id }, { id: '5' }] })).toEqual({
        status: 204,
        body: '',
      });
      expect((await api.read(id)).status).toBe(404);
      expect(idOf(await api.read(id, { archived: true }))).toBe(id);
    },
  },
];
