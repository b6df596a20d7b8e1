/** The client of Rule's own makers (npm @rulecom/client, beta) against the emulator: what it can do proves what is emulated. */
import { RuleClient } from '@rulecom/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { DEFAULT_KEY, ruleEmulator } from '../../emulators/rule/index.ts';

const start = () => startEmulator(ruleEmulator);
let emulator: Awaited<ReturnType<typeof start>>;
let client: RuleClient;

beforeEach(async () => {
  emulator = await start();
  client = clientWith(DEFAULT_KEY);
});
afterEach(() => emulator.close());

function clientWith(apiKey: string): RuleClient {
  const { url } = emulator;
  return new RuleClient({ apiKey, baseUrlV2: `${url}/api/v2`, baseUrlV3: `${url}/api/v3` });
}

const asa = { email: 'asa@example.com' };

const namesOf = (email: string) =>
  [...(emulator.state.subscribers.find('email', email)?.tags ?? [])].map(({ name }) => name);

test('its sync creates a subscriber with fields and tags, and finds it the second time', async () => {
  await client.customField.createGroups([{ key: 'User.Name', type: 'text' }]);
  const sync = (name: string, tags: string[]) =>
    client.subscribers.sync({ subscriber: asa, customFieldData: { User: { Name: name } }, tags });
  const created = await sync('Å.', ['a', 'b']);
  const found = await sync('Åsa', ['a']);
  expect(found.id).toBe(created.id);
  expect(namesOf(asa.email)).toEqual(['a', 'b']);
  const rows = await client.subscribers.listAllCustomFieldData(found.id ?? 0);
  expect(rows).toMatchObject([{ groupName: 'User', values: [{ fieldName: 'Name', fieldValue: 'Åsa' }] }]);
});

test('it reads who is there and who is not', async () => {
  const { id } = await client.subscribers.create({
    ...asa,
    phoneNumber: '+46701234567',
    customIdentifier: 'm7',
  });
  expect(await client.subscribers.getByEmail(asa.email)).toMatchObject({ id, phone: '+46701234567' });
  expect(await client.subscribers.getByPhone('+46701234567')).toMatchObject({ id });
  expect(await client.subscribers.getById(id ?? 0)).toMatchObject({ id });
  expect(await client.subscribers.getByCustomIdentifier('m7')).toMatchObject({ id });
  expect(await client.subscribers.getByEmail('bo@example.com')).toBeNull();
});

test('it adds and removes tags, one by one and in bulk', async () => {
  await client.subscribers.create(asa);
  await client.subscribers.addSubscriberTag(asa, 'one');
  await client.subscribers.triggerTagAutomation(asa, 'two');
  await client.subscribers.removeSubscriberTag(asa, 'one');
  await client.subscribers.addSubscriberTags(asa, ['three']);
  expect(namesOf(asa.email)).toEqual(['two']);
  emulator.clock.advance(2_000);
  expect(namesOf(asa.email)).toEqual(['two', 'three']);
  expect((await client.tags.listAllTags()).map(({ name }) => name)).toEqual(['one', 'two', 'three']);
});

test('it writes many at once by v2, and is told of duplicates', async () => {
  const subscribers = [
    { ...asa, fields: [{ key: 'User.Likes', value: ['news', 'sport'], type: 'multiple' as const }] },
    { email: 'bo@example.com', phoneNumber: '+46701234567' },
  ];
  const payload = { subscribers, tags: ['imported'] };
  await client.subscribers.bulkCreateSubscribers(payload);
  expect(namesOf('bo@example.com')).toEqual(['imported']);
  await expect(client.subscribers.bulkCreateSubscribers(payload)).rejects.toMatchObject({ statusCode: 409 });
  await client.subscribers.bulkCreateSubscribers({ ...payload, updateOnDuplicate: true });
  expect(await client.customField.listAllGroups()).toMatchObject([
    { name: 'User', fields: [{ name: 'Likes', type: 'multiple' }] },
  ]);
});

test('it understands refusals, and reads the same wait out of Retry-After', async () => {
  await expect(clientWith('another').subscribers.create(asa)).rejects.toMatchObject({ statusCode: 401 });
  await expect(client.subscribers.create({ email: 'asa' })).rejects.toMatchObject({
    statusCode: 422,
    validationErrors: { email: ['The email must be a valid email address.'] },
  });
  emulator.admin.addFault({ preset: 'blocked', times: 1 });
  await expect(client.subscribers.create(asa)).rejects.toMatchObject({
    statusCode: 429,
    retryAfterSeconds: 600,
    errorPercentLimit: 49,
  });
});
