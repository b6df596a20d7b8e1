import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emulatorIds, startEmulators } from './index.ts';

test('every emulator folder is in the registry, sorted', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['core', 'recording'].includes(entry.name))
    .map(({ name }) => name);
  expect(emulatorIds()).toEqual(folders.toSorted());
});

test('an unknown vendor is refused with the names there are, before anything starts', async () => {
  await expect(startEmulators(['hubspot', 'hubsopt'], { port: 0 })).rejects.toMatchObject({
    code: 'emulators.unknown',
    remedy: expect.stringContaining('hubspot'),
  });
});

test('`all` is every one of them, in the order of their ids, and all answer', async () => {
  const started = await startEmulators(['all'], { port: 0 });
  expect(started.map(({ id }) => id)).toEqual(emulatorIds());
  const answers = await Promise.all(started.map(({ url }) => fetch(`${url}/_emulator/state`)));
  await Promise.all(started.map((emulator) => emulator.close()));
  expect(answers.map(({ status }) => status)).toEqual(started.map(() => 200));
});

test('a port in use is named, and the emulators started before it are closed', async () => {
  const [taken] = await startEmulators(['hubspot'], { port: 0 });
  const port = taken?.port ?? 0;
  await expect(startEmulators(['hubspot'], { port })).rejects.toMatchObject({
    code: 'emulators.port_taken',
    message: expect.stringContaining(String(port)),
  });
  await taken?.close();
  const [again] = await startEmulators(['hubspot'], { port });
  expect(again).toMatchObject({ id: 'hubspot', url: `http://127.0.0.1:${port}` });
  await again?.close();
});
