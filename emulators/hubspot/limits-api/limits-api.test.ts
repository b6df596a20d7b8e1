import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => emulator.admin.reset());
afterAll(() => emulator.close());

async function read(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(emulator.url + path, {
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}` },
  });
  return { status: response.status, body: await response.json() };
}

const BOAT = {
  name: 'boat',
  labels: { singular: 'Boat', plural: 'Boats' },
  properties: [{ name: 'sail', label: 'Sail', type: 'string', fieldType: 'text' }],
  requiredProperties: [],
  associatedObjects: ['CONTACT'],
};

test.each(['/crm/v3/limits', '/crm/limits/2026-09'])(
  '%s counts custom properties and objects',
  async (base) => {
    emulator.admin.seed({
      portals: [
        {
          portalId: DEFAULT_PORTAL_ID,
          plan: 'enterprise',
          schemas: [BOAT],
          properties: [
            {
              groupName: 'contactinformation',
              name: 'vip',
              label: 'VIP',
              type: 'bool',
              fieldType: 'booleancheckbox',
            },
          ],
        },
      ],
    });
    const boat = { usage: 1, limit: 1_000, percentage: 0.1, singularLabel: 'Boat', pluralLabel: 'Boats' };
    expect(await read(`${base}/custom-properties`)).toMatchObject({
      status: 200,
      body: {
        overallUsage: 2,
        byObjectType: expect.arrayContaining([
          expect.objectContaining({ objectTypeId: '0-1', usage: 1, pluralLabel: 'Contacts' }),
          expect.objectContaining(boat),
        ]),
      },
    });
    expect((await read(`${base}/custom-object-types`)).body).toEqual({ limit: 10, usage: 1, percentage: 10 });
    expect((await read(`${base}/pipelines`)).status).toBe(501);
  },
);

test('an account below Enterprise has room for no custom object', async () => {
  expect((await read('/crm/v3/limits/custom-object-types')).body).toEqual({
    limit: 0,
    usage: 0,
    percentage: 0,
  });
});

test('a seed makes owners, custom objects with records, pipelines with records, labels and lists', async () => {
  emulator.admin.seed({
    portals: [
      {
        portalId: DEFAULT_PORTAL_ID,
        owners: [{ id: '7', email: 'seven@x.com' }],
        schemas: [BOAT],
        objects: { [`p${DEFAULT_PORTAL_ID}_boat`]: [{ properties: { sail: 'red' } }] },
        pipelines: {
          orders: [{ label: 'Shop', displayOrder: 0, stages: [{ label: 'Paid', displayOrder: 0 }] }],
        },
        contacts: [{ properties: { email: 'a@x.com' } }],
        lists: [{ name: 'All', objectTypeId: '0-1', processingType: 'MANUAL' }],
      },
    ],
  });
  expect((await read('/crm/v3/owners/7')).status).toBe(200);
  expect((await read(`/crm/v3/objects/p${DEFAULT_PORTAL_ID}_boat?properties=sail`)).body).toMatchObject({
    results: [{ properties: { sail: 'red' } }],
  });
  expect((await read('/crm/v3/pipelines/orders')).body).toMatchObject({
    results: [{ stages: [{ label: 'Paid' }] }],
  });
  expect((await read('/crm/v3/lists/1')).body).toMatchObject({ list: { name: 'All', size: 0 } });
});
