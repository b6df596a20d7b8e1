import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { upsertCompany } from '../../src/connectors/hubspot/actions/upsert-company.ts';
import { upsertContact } from '../../src/connectors/hubspot/actions/upsert-contact.ts';
import { upsertObject } from '../../src/connectors/hubspot/actions/upsert-object.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { ConnectionCache } from '../../src/kit/index.ts';
import { aCache } from '../support/drive-steps.ts';
import { EmulatedHubspot } from '../support/emulated-hubspot.ts';

const PORTAL_ID = 1_000_001;

let emulator: HubspotEmulator;
let portal: EmulatedHubspot;

beforeEach(async () => {
  emulator = await startHubspotEmulator();
  portal = new EmulatedHubspot(emulator);
  // Waiting for limits is the engine's business, which does not run here.
  emulator.admin.setLimits({ isEnforced: false });
});
afterEach(() => emulator.close());

function seed(objects: Record<string, readonly Record<string, string>[]>): void {
  const records = Object.entries(objects).map(([type, list]) => [
    type,
    list.map((properties) => ({ properties })),
  ]);
  emulator.admin.seed({ portals: [{ portalId: PORTAL_ID, objects: Object.fromEntries(records) }] });
}

const unique = (name: string, groupName: string) => ({
  groupName,
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  hasUniqueValue: true,
});

const acme = (name: string) => ({ domain: 'Acme.com', properties: { name } });

test('a company is created once, though two workers ask at once and the search does not see it yet', async () => {
  const [first] = await portal.deliver(upsertCompany, [acme('Acme')]);
  const [second] = await portal.deliver(upsertCompany, [acme('Acme Inc')]);
  expect(second).toMatchObject({ kind: 'delivered', remoteId: (first as { remoteId: string }).remoteId });
  expect(await portal.records('companies', 'name', 'domain')).toEqual([
    { name: 'Acme Inc', domain: 'acme.com' },
  ]);
});

test('two workers that both found no company write to the same one', async () => {
  await portal.deliver(upsertCompany, [acme('Acme')]);
  // The second one has read before the first one wrote.
  emulator.admin.addFault({
    path: '*/batch/read',
    times: 1,
    status: 200,
    body: { status: 'COMPLETE', results: [] },
  });
  expect(await portal.deliver(upsertCompany, [acme('Acme Inc')])).toMatchObject([{ kind: 'delivered' }]);
  expect(await portal.records('companies', 'name')).toEqual([{ name: 'Acme Inc' }]);
});

test('without the unique property, one worker still creates a company once', async () => {
  const cache = aCache();
  const options = { domain_property: null };
  await portal.deliver(upsertCompany, [acme('Acme')], options, cache);
  await portal.deliver(upsertCompany, [acme('Acme Inc')], options, cache);
  expect(portal.calls).toEqual(['POST /crm/objects/2026-09/companies/batch/update']);
  expect(await portal.records('companies', 'name')).toEqual([{ name: 'Acme Inc' }]);
});

test('a company that is there is found by its domain or a further one, and its domain stays', async () => {
  seed({
    companies: [
      { domain: 'acme.com', name: 'A' },
      { domain: 'other.org', name: 'O' },
    ],
  });
  // Only merging two companies in HubSpot gives one a further domain.
  const [, other] = await portal.records('companies', 'hs_object_id');
  emulator.admin.addFault({
    path: '*/companies/search',
    bodyIncludes: 'hs_additional_domains',
    status: 200,
    body: {
      total: 1,
      results: [
        { id: other?.['hs_object_id'], properties: { hs_additional_domains: 'other.net;other.com' } },
      ],
    },
  });
  const further = { domain: 'other.com', properties: { name: 'Other' } };
  const outcomes = await portal.deliver(upsertCompany, [acme('Acme'), further]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
  expect(await portal.records('companies', 'name', 'domain')).toEqual([
    { name: 'Acme', domain: 'acme.com' },
    { name: 'Other', domain: 'other.org' },
  ]);
});

test('two companies of one domain are reported and neither is touched', async () => {
  seed({
    companies: [
      { domain: 'acme.com', name: 'A' },
      { domain: 'acme.com', name: 'B' },
    ],
  });
  const [outcome] = await portal.deliver(upsertCompany, [acme('Acme')]);
  expect(outcome).toMatchObject({ kind: 'rejected', fault: { code: 'hubspot.company_ambiguous' } });
  expect(await portal.records('companies', 'name')).toEqual([{ name: 'A' }, { name: 'B' }]);
});

test('a company is found again where HubSpot merged the one that was known', async () => {
  const cache = aCache();
  seed({ companies: [{ domain: 'big.com', name: 'Big' }] });
  const [made] = await portal.deliver(upsertCompany, [acme('Acme')], { domain_property: null }, cache);
  const { body } = await portal.send({ method: 'GET', path: '/crm/v3/objects/companies' });
  const [big] = (body as { results: { id: string }[] }).results;
  await portal.send({
    method: 'DELETE',
    path: `/crm/v3/objects/companies/${(made as { remoteId: string }).remoteId}`,
  });
  const [outcome] = await portal.deliver(upsertCompany, [acme('Acme Inc')], { domain_property: null }, cache);
  expect(outcome).toMatchObject({ kind: 'delivered' });
  expect(await portal.records('companies', 'name')).toEqual([{ name: 'Big' }, { name: 'Acme Inc' }]);
  expect(big?.id).toBeDefined();
});

test('a hundred companies cost a call when changed and none when unchanged', async () => {
  const cache = aCache();
  const options = { further_domains: false };
  const companies = (name: string) =>
    Array.from({ length: 100 }, (_, index) => ({ domain: `c${String(index)}.com`, properties: { name } }));
  await portal.deliver(upsertCompany, companies('One'), options, cache);
  await portal.deliver(upsertCompany, companies('Two'), options, cache);
  expect(portal.calls).toEqual(['POST /crm/objects/2026-09/companies/batch/update']);
  await portal.deliver(upsertCompany, companies('Two'), options, cache);
  expect(portal.calls).toEqual([]);
});

test('a unique property is created, hidden, to find any object by', async () => {
  const key = { by: 'order_ref', value: 'O-1' };
  const order = (dealname: string) => ({ object: 'deal', key, properties: { dealname } });
  const refused = await portal.deliver(upsertObject, [order('First')]);
  expect(refused).toMatchObject([{ kind: 'rejected', fault: { code: 'hubspot.key_not_unique' } }]);
  await portal.deliver(upsertObject, [order('First')], { create_key: true });
  await portal.deliver(upsertObject, [order('Second')], { create_key: true });
  expect(await portal.records('deals', 'dealname', 'order_ref')).toEqual([
    { dealname: 'Second', order_ref: 'O-1' },
  ]);
  const { body } = await portal.send({ method: 'GET', path: '/crm/v3/properties/deals/order_ref' });
  expect(body).toMatchObject({ hasUniqueValue: true, hidden: true });
});

test('pipelines and stages are given by label, and a deal does not go back when the rule says so', async () => {
  const deal = (stage: string, pipeline?: string) => ({
    object: 'deals',
    key: { by: 'order_ref', value: 'O-1' },
    stage,
    ...(pipeline === undefined ? {} : { pipeline }),
    properties: { dealname: 'D' },
  });
  const options = { create_key: true, rules: { dealstage: 'forward_only' } };
  const read = () => portal.records('deals', 'dealstage', 'pipeline');
  await portal.deliver(upsertObject, [deal('Contract Sent', 'Sales Pipeline')], options);
  expect(await read()).toEqual([{ dealstage: 'contractsent', pipeline: 'default' }]);
  const [back] = await portal.deliver(upsertObject, [deal('Appointment Scheduled')], options);
  expect(back).toMatchObject({ notes: ['unchanged', 'Kept, because it only moves forward: dealstage.'] });
  const [unknown] = await portal.deliver(upsertObject, [deal('No such stage')], options);
  expect(unknown).toMatchObject({ notes: ['Left out, not one of the options: dealstage.'] });
  await portal.deliver(upsertObject, [deal('closed won')], options);
  expect(await read()).toEqual([{ dealstage: 'closedwon', pipeline: 'default' }]);
});

test.each(['if_empty', 'forward_only', 'overwrite'])(
  'a deal that somebody moved to another pipeline goes by the rule of its stage: %s',
  async (rule) => {
    const { body } = await portal.send({
      method: 'POST',
      path: '/crm/v3/pipelines/deals',
      body: {
        label: 'Renewals',
        displayOrder: 1,
        stages: [{ label: 'Talking', displayOrder: 0, metadata: { probability: '0.5' } }],
      },
    });
    const renewals = body as { id: string; stages: { id: string }[] };
    const key = { by: 'order_ref', value: 'O-1' };
    const options = { create_key: true, rules: { dealstage: rule } };
    const worker = aCache();
    const send = (amount: number, cache: ConnectionCache) => {
      const deal = { object: 'deals', key, stage: 'Contract Sent', properties: { amount } };
      return portal.deliver(upsertObject, [deal], options, cache);
    };
    const [made] = await send(1, worker);
    const { remoteId } = made as { remoteId: string };
    const talking = { pipeline: renewals.id, dealstage: renewals.stages[0]?.id ?? '' };
    await portal.send({
      method: 'PATCH',
      path: `/crm/v3/objects/deals/${remoteId}`,
      body: { properties: talking },
    });
    expect(await send(2, worker)).toMatchObject([{ kind: 'delivered' }]);
    // Another worker knows nothing of the deal and reads it.
    expect(await send(3, aCache())).toMatchObject([{ kind: 'delivered' }]);
    const stays = rule === 'if_empty' ? talking : { pipeline: 'default', dealstage: 'contractsent' };
    expect(await portal.records('deals', 'pipeline', 'dealstage', 'amount')).toEqual([
      { ...stays, amount: '3' },
    ]);
  },
);

test('objects of several types share a batch, and one by a record id that is gone is refused', async () => {
  const outcomes = await portal.deliver(
    upsertObject,
    [
      { object: 'deals', key: { by: 'ref', value: '1' }, properties: { dealname: 'D' } },
      { object: 'ticket', key: { by: 'ref', value: '1' }, stage: 'New', properties: { subject: 'T' } },
      { object: 'deals', key: { by: 'id', value: 999 }, properties: { dealname: 'X' } },
    ],
    { create_key: true },
  );
  expect(outcomes).toMatchObject([
    { kind: 'delivered' },
    { kind: 'delivered' },
    { kind: 'rejected', fault: { code: 'hubspot.record_missing' } },
  ]);
});

test('a contact of a member number keeps its addresses, or takes the new one when the flow says so', async () => {
  emulator.admin.seed({
    portals: [{ portalId: PORTAL_ID, properties: { contacts: [unique('member', 'contactinformation')] } }],
  });
  seed({ contacts: [{ email: 'a@x.io', member: 'M1' }] });
  const input = { email: 'new@x.io', key: { by: 'member', value: 'M1' }, properties: { lastname: 'L' } };
  expect(await portal.deliver(upsertContact, [input])).toMatchObject([
    { notes: ['The contact has another primary e-mail address, which stays.'] },
  ]);
  expect(await portal.records('contacts', 'email', 'lastname')).toEqual([{ email: 'a@x.io', lastname: 'L' }]);
  await portal.deliver(upsertContact, [input], { new_email: 'replace' });
  expect(await portal.records('contacts', 'email')).toEqual([{ email: 'new@x.io' }]);
  const byNumber = { key: { by: 'member', value: 'M2' }, properties: { lastname: 'N' } };
  await portal.deliver(upsertContact, [byNumber]);
  await portal.deliver(upsertContact, [{ ...input, email: 'two@x.io', key: byNumber.key }]);
  expect(await portal.records('contacts', 'email', 'member')).toEqual([
    { email: 'new@x.io', member: 'M1' },
    { email: 'two@x.io', member: 'M2' },
  ]);
});

test('a contact that is known by an address keeps another that somebody made the primary one, or merged it under', async () => {
  const cache = aCache();
  const send = (email: string, lastname: string) =>
    portal.deliver(upsertContact, [{ email, properties: { lastname } }], {}, cache);
  const [a] = await send('a@x.io', 'One');
  const [b] = await send('b@x.io', 'Two');
  const idOf = (outcome: Outcome | undefined) => (outcome as { remoteId: string }).remoteId;
  await portal.send({
    method: 'POST',
    path: '/crm/v3/objects/contacts/merge',
    body: { primaryObjectId: idOf(b), objectIdToMerge: idOf(a) },
  });
  const read = () => portal.records('contacts', 'email', 'hs_additional_emails', 'lastname');
  expect(await send('a@x.io', 'Three')).toMatchObject([{ kind: 'delivered' }]);
  expect(await read()).toEqual([{ email: 'b@x.io', hs_additional_emails: 'a@x.io', lastname: 'Three' }]);
  expect(await send('a@x.io', 'Four')).toMatchObject([{ kind: 'delivered' }]);
  expect(portal.calls).toEqual(['POST /crm/objects/2026-09/contacts/batch/update']);
  expect(await read()).toEqual([{ email: 'b@x.io', hs_additional_emails: 'a@x.io', lastname: 'Four' }]);
});

test('an address and a number of two contacts are reported, and merged only when the flow says so', async () => {
  emulator.admin.seed({
    portals: [{ portalId: PORTAL_ID, properties: { contacts: [unique('member', 'contactinformation')] } }],
  });
  seed({ contacts: [{ email: 'a@x.io' }, { email: 'b@x.io', member: 'M1' }] });
  const input = { email: 'a@x.io', key: { by: 'member', value: 'M1' }, properties: { lastname: 'L' } };
  expect(await portal.deliver(upsertContact, [input])).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.identity_conflict' } },
  ]);
  const [outcome] = await portal.deliver(upsertContact, [input], { merge_by: 'merge' });
  expect(outcome).toMatchObject({ kind: 'delivered' });
  expect(await portal.records('contacts', 'email', 'member', 'lastname')).toEqual([
    { email: 'a@x.io', member: 'M1', lastname: 'L' },
  ]);
});

test('unknown properties are created with types inferred from their values, and named', async () => {
  const input = {
    email: 'a@x.io',
    properties: {
      shoe_size: 43,
      is_member: true,
      since: '2026-01-02',
      seen: '2026-01-02T03:04:05Z',
      zip_code: '0042',
      'Bad Name': 'x',
    },
  };
  const [outcome] = await portal.deliver(upsertContact, [input], { schema: 'create' });
  expect(outcome).toMatchObject({
    kind: 'delivered',
    notes: [
      'Created in HubSpot: shoe_size (number), is_member (bool), since (date), seen (datetime), zip_code (string).',
      'Left out, unknown to HubSpot, and no name for a property: Bad Name.',
    ],
  });
  expect(await portal.records('contacts', 'shoe_size', 'is_member', 'since', 'zip_code')).toEqual([
    { shoe_size: '43', is_member: 'true', since: '2026-01-02', zip_code: '0042' },
  ]);
});

test('options are mapped or added as the flow says, and a set grows by what is added', async () => {
  const ensure = [{ name: 'topics', label: 'Topics', type: 'enumeration', field_type: 'checkbox' }];
  const options = {
    ensure,
    options: { topics: 'add', hs_lead_status: { map: { hot: 'OPEN_DEAL' } } },
    multiple: { topics: 'add' },
  };
  const cache = aCache();
  const send = (topics: readonly string[]) =>
    portal.deliver(
      upsertContact,
      [{ email: 'a@x.io', properties: { topics, hs_lead_status: 'Hot' } }],
      options,
      cache,
    );
  await send(['news']);
  expect(await send(['sport'])).toMatchObject([{ kind: 'delivered' }]);
  expect(await portal.records('contacts', 'topics', 'hs_lead_status')).toEqual([
    { topics: 'news;sport', hs_lead_status: 'OPEN_DEAL' },
  ]);
});

test('newest_wins goes by the time of the event and by what others did in HubSpot', async () => {
  const cache = aCache();
  const nowMs = emulator.clock.now();
  const options = { rules: { lastname: 'newest_wins' } };
  const send = (lastname: string, hoursAgo: number, by = cache) =>
    portal.deliver(
      upsertContact,
      [{ email: 'a@x.io', properties: { lastname }, occurred_at: nowMs - hoursAgo * 3_600_000 }],
      options,
      by,
    );
  await send('Noon', 12);
  await send('Late', 6);
  const older = await send('Early', 9);
  expect(older).toMatchObject([{ kind: 'delivered' }]);
  expect(await portal.records('contacts', 'lastname')).toEqual([{ lastname: 'Late' }]);
  // Another worker does not know when our value held; what HubSpot says of its writing counts.
  expect(await send('Later', 1, aCache())).toMatchObject([
    { notes: ['unchanged', 'Kept, because HubSpot has a newer value: lastname.'] },
  ]);
});

test('newest_wins holds for more records than HubSpot reads with their history in one call', async () => {
  const nowMs = emulator.clock.now();
  const emails = Array.from({ length: 51 }, (_, index) => `c${String(index)}@x.io`);
  seed({ contacts: emails.map((email) => ({ email, lastname: 'Old' })) });
  const outcomes = await portal.deliver(
    upsertContact,
    emails.map((email, index) => ({
      email,
      properties: { lastname: 'New' },
      // The first is from before the contact was made.
      occurred_at: index === 0 ? nowMs - 3_600_000 : nowMs + 1_000,
    })),
    { rules: { lastname: 'newest_wins' } },
  );
  expect(portal.calls.filter((call) => call.endsWith('/batch/read'))).toHaveLength(2);
  expect(outcomes.map(({ kind }) => kind)).toEqual(emails.map(() => 'delivered'));
  const names = (await portal.records('contacts', 'lastname')).map(({ lastname }) => lastname);
  expect(names.filter((name) => name === 'Old')).toHaveLength(1);
  expect(names.filter((name) => name === 'New')).toHaveLength(50);
});

test('a record is associated in the same delivery, once, and waits for the other end without losing its values', async () => {
  const cache = aCache();
  const input = {
    email: 'a@x.io',
    properties: { lastname: 'L' },
    associations: [{ to: { type: 'company', by: 'domain', value: 'acme.com' } }],
  };
  const [early] = await portal.deliver(upsertContact, [input], {}, cache);
  expect(early).toMatchObject({ kind: 'retry', fault: { code: 'hubspot.record_missing' } });
  expect(await portal.records('contacts', 'lastname')).toEqual([{ lastname: 'L' }]);
  const [late] = await portal.deliver(upsertContact, [input], {}, cache, 6);
  expect(late).toMatchObject({
    kind: 'delivered',
    notes: ['unchanged', expect.stringContaining('Not associated: ') as string],
  });
  await portal.deliver(upsertCompany, [acme('Acme')], {}, cache);
  const [linked] = await portal.deliver(upsertContact, [input], {}, cache);
  expect(linked).toEqual({
    kind: 'delivered',
    remoteId: (late as { remoteId: string }).remoteId,
    notes: ['unchanged'],
  });
  await portal.deliver(upsertContact, [input], {}, cache);
  expect(portal.calls).toEqual([]);
});
