import { expect } from 'vitest';
import { DEFAULT_PORTAL_ID } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { make } from './hubspot-associations.ts';
import type { RelationExpectation } from './hubspot-associations.ts';
import {
  archiveRecord,
  associateSchema,
  createPipeline,
  createRecord,
  createSchema,
  createStage,
  labels,
  linkPlainly,
  listOwners,
  listPipelines,
  listSchemas,
  readOwner,
  readPipelineAudit,
  removePipeline,
  removeSchema,
  removeStage,
  replacePipeline,
  updateSchema,
  updateStage,
} from './hubspot-relations-api.ts';
import type { Caller } from './hubspot-relations-api.ts';

const RENEWALS = {
  label: 'Renewals',
  displayOrder: 1,
  stages: [
    { label: 'Open', displayOrder: 0, metadata: { probability: '0.5' } },
    { label: 'Won', displayOrder: 1, metadata: { probability: '1.0' } },
  ],
};

interface ShownPipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: readonly { readonly id: string; readonly label: string }[];
}

async function makePipeline(caller: Caller): Promise<ShownPipeline> {
  const answer = await caller.send(createPipeline('deals', RENEWALS));
  expect(answer.status).toBe(201);
  return answer.body as ShownPipeline;
}

async function makeDealIn(caller: Caller, { id, stages: [stage] }: ShownPipeline): Promise<string> {
  const properties = { dealname: 'D', pipeline: id, dealstage: stage?.id };
  const answer = await caller.send(createRecord('deals', { properties }));
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

const CAR = {
  name: 'car',
  labels: { singular: 'Car', plural: 'Cars' },
  properties: [
    { name: 'plate', label: 'Plate', type: 'string', fieldType: 'text', hasUniqueValue: true },
    { name: 'seats', label: 'Seats', type: 'number', fieldType: 'number' },
  ],
  requiredProperties: ['plate'],
  searchableProperties: ['plate'],
  primaryDisplayProperty: 'plate',
  associatedObjects: ['CONTACT'],
};

async function makeCars(caller: Caller, emulator: HubspotEmulator): Promise<string> {
  emulator.admin.seed({ portals: [{ portalId: DEFAULT_PORTAL_ID, plan: 'enterprise' }] });
  const answer = await caller.send(createSchema(CAR));
  expect(answer).toMatchObject({
    status: 201,
    body: { fullyQualifiedName: `p${DEFAULT_PORTAL_ID}_car`, requiredProperties: ['plate'] },
  });
  return (answer.body as { objectTypeId: string }).objectTypeId;
}

const PIPELINES: readonly RelationExpectation[] = [
  {
    name: 'an account has the default pipelines of deals, tickets and lifecycles',
    run: async (caller) => {
      const expected: Readonly<Record<string, [id: string, stages: string[]]>> = {
        deals: [
          'default',
          [
            'appointmentscheduled',
            'qualifiedtobuy',
            'presentationscheduled',
            'decisionmakerboughtin',
            'contractsent',
            'closedwon',
            'closedlost',
          ],
        ],
        tickets: ['0', ['1', '2', '3', '4']],
        contacts: [
          'contacts-lifecycle-pipeline',
          [
            'subscriber',
            'lead',
            'marketingqualifiedlead',
            'salesqualifiedlead',
            'opportunity',
            'customer',
            'evangelist',
            'other',
          ],
        ],
      };
      for (const [type, [id, stages]] of Object.entries(expected)) {
        const { body } = await caller.send(listPipelines(type));
        const [pipeline] = (body as { results: ShownPipeline[] }).results;
        expect([pipeline?.id, pipeline?.stages.map((stage) => stage.id)]).toEqual([id, stages]);
        expect(pipeline).toMatchObject({ createdAt: '1970-01-01T00:00:00.000Z' });
      }
    },
  },
  {
    name: 'a pipeline of deals needs a probability for each stage, and labels of its own',
    run: async (caller) => {
      const pipeline = await makePipeline(caller);
      expect(pipeline.id).toMatch(/^\d+$/);
      expect(pipeline.stages).toMatchObject([
        {
          metadata: { isClosed: 'false', probability: '0.5' },
          writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
        },
        { metadata: { isClosed: 'true' } },
      ]);
      for (const wrong of [
        RENEWALS,
        { ...RENEWALS, label: 'Other', stages: [{ label: 'Open', displayOrder: 0, metadata: {} }] },
        { ...RENEWALS, label: 'Other', stages: [RENEWALS.stages[0], RENEWALS.stages[0]] },
        { label: 'Other', displayOrder: 2 },
      ]) {
        expect(await caller.send(createPipeline('deals', wrong))).toMatchObject({
          status: 400,
          body: { category: 'VALIDATION_ERROR' },
        });
      }
    },
  },
  {
    name: 'a stage that records are in cannot be deleted, an empty one can',
    run: async (caller) => {
      const pipeline = await makePipeline(caller);
      const deal = await makeDealIn(caller, pipeline);
      const [used, free] = pipeline.stages.map(({ id }) => id) as [string, string];
      expect(await caller.send(removeStage('deals', pipeline.id, used))).toMatchObject({
        status: 400,
        body: {
          category: 'VALIDATION_ERROR',
          subCategory: 'PipelineError.STAGE_ID_IN_USE',
          context: { stageIds: [used], objectIds: [deal] },
        },
      });
      expect((await caller.send(removeStage('deals', pipeline.id, free))).status).toBe(204);
      const added = await caller.send(
        createStage('deals', pipeline.id, {
          label: 'Lost',
          displayOrder: 9,
          metadata: { probability: '0.0' },
        }),
      );
      expect(added).toMatchObject({ status: 201, body: { metadata: { isClosed: 'true' } } });
    },
  },
  {
    name: 'a pipeline that is in use is deleted unless the caller asks for a check',
    run: async (caller) => {
      const pipeline = await makePipeline(caller);
      await makeDealIn(caller, pipeline);
      expect(await caller.send(removePipeline('deals', pipeline.id, true))).toMatchObject({
        status: 400,
        body: { subCategory: 'PipelineError.STAGE_ID_IN_USE' },
      });
      expect((await caller.send(removePipeline('deals', pipeline.id, false))).status).toBe(204);
      const { body } = await caller.send(listPipelines('deals'));
      expect((body as { results: ShownPipeline[] }).results.map(({ id }) => id)).toEqual(['default']);
    },
  },
  {
    name: 'replacing a pipeline keeps the ids of stages that keep their labels, and its history is told',
    run: async (caller) => {
      const pipeline = await makePipeline(caller);
      const stages = [
        RENEWALS.stages[1],
        { label: 'New', displayOrder: 0, metadata: { probability: '0.1' } },
      ];
      const replaced = await caller.send(
        replacePipeline('deals', pipeline.id, { ...RENEWALS, label: 'R', stages }),
      );
      expect(replaced).toMatchObject({
        status: 200,
        body: { id: pipeline.id, label: 'R', stages: [{ id: pipeline.stages[1]?.id }, { label: 'New' }] },
      });
      const stage = pipeline.stages[1]?.id ?? '';
      expect(await caller.send(updateStage('deals', pipeline.id, stage, { label: 'Yes' }))).toMatchObject({
        status: 200,
        body: { label: 'Yes', metadata: { probability: '1.0' } },
      });
      expect((await caller.send(readPipelineAudit('deals', pipeline.id))).body).toMatchObject({
        results: [{ action: 'UPDATE', identifier: pipeline.id }, { action: 'CREATE' }],
      });
    },
  },
  {
    name: 'a record cannot be in a stage of another pipeline',
    run: async (caller) => {
      const pipeline = await makePipeline(caller);
      const properties = { dealname: 'D', pipeline: pipeline.id, dealstage: 'closedwon' };
      expect(await caller.send(createRecord('deals', { properties }))).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'INVALID_OPTION', context: { propertyName: ['dealstage'] } }] },
      });
    },
  },
];

const OWNERS: readonly RelationExpectation[] = [
  {
    name: 'owners are found by address, by id and by user id, archived ones apart',
    run: async (caller, emulator) => {
      emulator.admin.seed({
        portals: [
          {
            portalId: DEFAULT_PORTAL_ID,
            owners: [
              {
                id: '77',
                userId: 88,
                email: 'Ada@x.com',
                firstName: 'Ada',
                teams: [{ id: '1', name: 'Sales' }],
              },
              { id: '78', userId: 89, email: 'gone@x.com', archived: true },
            ],
          },
        ],
      });
      const ada = { id: '77', userId: 88, email: 'Ada@x.com', type: 'PERSON', archived: false };
      expect((await caller.send(listOwners('ada@x.com'))).body).toMatchObject({ results: [ada] });
      expect(await caller.send(readOwner(77, 'id'))).toMatchObject({ status: 200, body: ada });
      expect(await caller.send(readOwner(88, 'userId'))).toMatchObject({ status: 200, body: ada });
      expect((await caller.send(readOwner(88, 'id'))).status).toBe(404);
      expect((await caller.send(readOwner(78, 'id'))).status).toBe(404);
      const archived = await caller.send(listOwners(undefined, true));
      expect(archived.body).toMatchObject({ results: [{ id: '78', userIdIncludingInactive: 89 }] });
      expect((archived.body as { results: object[] }).results[0]).not.toHaveProperty('userId', 89);
    },
  },
];

const SCHEMAS: readonly RelationExpectation[] = [
  {
    name: 'custom objects are defined on Enterprise alone',
    run: async (caller) => {
      expect(await caller.send(createSchema(CAR))).toMatchObject({
        status: 403,
        body: {
          category: 'MISSING_SCOPES',
          errors: [{ context: { requiredGranularScopes: ['crm.schemas.custom.write'] } }],
        },
      });
      expect(await caller.send(listSchemas())).toMatchObject({ status: 200, body: { results: [] } });
    },
  },
  {
    name: 'records of a custom object have its rules, under its id and its qualified name',
    run: async (caller, emulator) => {
      const typeId = await makeCars(caller, emulator);
      const create = (type: string, properties: object): ReturnType<Caller['send']> =>
        caller.send(createRecord(type, { properties }));
      expect(await create(typeId, { plate: 'AB 1', seats: 4 })).toMatchObject({
        status: 201,
        body: { properties: { plate: 'AB 1', seats: '4' } },
      });
      expect((await create(`p${DEFAULT_PORTAL_ID}_car`, { plate: 'AB 1' })).status).toBe(400);
      expect((await create(typeId, { seats: 4 })).status).toBe(400);
      expect((await create('car', { plate: 'AB 2' })).status).toBe(400);
    },
  },
  {
    name: 'a custom object is linked with what its schema allows, by ids that its account alone has',
    run: async (caller, emulator) => {
      const typeId = await makeCars(caller, emulator);
      const car = (await caller.send(createRecord(typeId, { properties: { plate: 'A' } }))).body as {
        id: string;
      };
      const [contact, deal] = [await make(caller, 'contacts'), await make(caller, 'deals')];
      expect((await caller.send(linkPlainly(typeId, car.id, 'contacts', contact))).status).toBe(200);
      expect((await caller.send(labels('GET', typeId, 'contacts'))).body).toMatchObject({
        results: [{ category: 'USER_DEFINED', label: null }],
      });
      expect((await caller.send(linkPlainly(typeId, car.id, 'deals', deal))).status).toBe(400);
      const defined = await caller.send(
        associateSchema(typeId, { fromObjectTypeId: typeId, toObjectTypeId: '0-3', name: 'car_to_deal' }),
      );
      expect(defined).toMatchObject({
        status: 201,
        body: { fromObjectTypeId: typeId, toObjectTypeId: '0-3' },
      });
      expect((await caller.send(linkPlainly(typeId, car.id, 'deals', deal))).status).toBe(200);
    },
  },
  {
    name: 'a schema keeps its name, names only properties that exist, and goes once its records are gone',
    run: async (caller, emulator) => {
      const typeId = await makeCars(caller, emulator);
      expect(await caller.send(createSchema(CAR))).toMatchObject({ status: 400 });
      expect(
        await caller.send(createSchema({ ...CAR, name: 'bus', requiredProperties: ['wings'] })),
      ).toMatchObject({
        status: 400,
        body: { message: 'Properties [wings] do not exist' },
      });
      expect(await caller.send(updateSchema(typeId, { requiredProperties: [] }))).toMatchObject({
        status: 200,
        body: { requiredProperties: [], name: 'car' },
      });
      const car = (await caller.send(createRecord(typeId, { properties: { seats: 2 } }))).body as {
        id: string;
      };
      expect((await caller.send(removeSchema(typeId, false))).status).toBe(400);
      await caller.send(archiveRecord(typeId, car.id));
      expect((await caller.send(removeSchema(typeId, false))).status).toBe(204);
      expect((await caller.send(createRecord(typeId, { properties: {} }))).status).toBe(400);
      expect((await caller.send(createSchema(CAR))).status).toBe(400);
      expect((await caller.send(removeSchema(typeId, true))).status).toBe(204);
      expect((await caller.send(createSchema(CAR))).status).toBe(201);
    },
  },
];

export const DEFINITION_EXPECTATIONS: readonly RelationExpectation[] = [...PIPELINES, ...OWNERS, ...SCHEMAS];
