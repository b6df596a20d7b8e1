import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmulators } from './index.ts';
import type { StartedEmulator } from './registry.ts';
import { seedFromFile } from './seed-file.ts';

let folder: string;
let emulator: StartedEmulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linchpin-seed-'));
  const [started] = await startEmulators(['hubspot'], { port: 0 });
  if (started === undefined) throw new Error('the emulator did not start');
  emulator = started;
});
afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

async function seed(text: string): Promise<void> {
  const file = join(folder, 'seed.yaml');
  await writeFile(file, text);
  await seedFromFile(emulator, file);
}

test('a file seeds accounts, tokens and records', async () => {
  await seed(`
portals:
  - portalId: 7
    tokens: [{ token: pat-na1-seven }]
    contacts:
      - properties: { email: ada@example.com }
`);
  const response = await fetch(`${emulator.url}/crm/v3/objects/contacts/ada@example.com?idProperty=email`, {
    headers: { authorization: 'Bearer pat-na1-seven' },
  });
  expect(response.status).toBe(200);
});

test.each([
  ['a broken file', 'portals: [', 'emulators.seed_unreadable', ':1:'],
  ['an unknown key', 'portals:\n  - portalId: 7\n    plann: free\n', 'emulators.seed_refused', ':3:'],
  ['a wrong value', 'portals:\n  - portalId: 7\n    plan: huge\n', 'emulators.seed_refused', ':3:11'],
  [
    'a record that HubSpot would refuse',
    'portals:\n  - portalId: 7\n    contacts:\n      - properties: { email: bob@example.com }\n      - properties: { colour: red }\n',
    'emulators.seed_refused',
    ':5:9',
  ],
])('%s is told with its place', async (_what, text, code, place) => {
  await expect(seed(text)).rejects.toMatchObject({ code, field: expect.stringContaining(place) });
});

test('a file that is not there is told by name', async () => {
  await expect(seedFromFile(emulator, join(folder, 'none.yaml'))).rejects.toMatchObject({
    code: 'emulators.seed_unreadable',
    message: expect.stringContaining('none.yaml'),
  });
});
