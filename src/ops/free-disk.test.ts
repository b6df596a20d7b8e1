import { pino } from 'pino';
import { expect, test } from 'vitest';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import { FREE_BYTES_AGAIN, FREE_BYTES_MIN, watchFreeDisk } from './free-disk.ts';

function makeDisk(freeBytes: number) {
  const written: { level: number; msg: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void written.push(JSON.parse(line) as never) });
  const disk = { freeBytes, failure: undefined as Error | undefined };
  const clock = makeManualClock();
  const measure = (): Promise<number> =>
    disk.failure === undefined ? Promise.resolve(disk.freeBytes) : Promise.reject(disk.failure);
  return {
    disk,
    clock,
    messages: () => written.map(({ msg }) => msg),
    watch: () => watchFreeDisk({ folder: '/data', clock, logger, measure }),
  };
}

test('below the bound events are refused with the reason and a time to come back', async () => {
  const { watch, messages } = makeDisk(FREE_BYTES_MIN - 1);
  const free = await watch();
  expect(free.refusal()).toMatchObject({ code: 'ingest.disk_full', status: 503, retryAfterSeconds: 30 });
  expect(free.refusal()?.message).toContain('537 MB');
  expect(messages()).toEqual(['disk.full']);
  await free.close();
});

test('taking in begins again when there is clearly more room, and both turns are logged once', async () => {
  const { disk, clock, watch, messages } = makeDisk(FREE_BYTES_AGAIN);
  const free = await watch();
  expect(free.refusal()).toBeUndefined();
  disk.freeBytes = FREE_BYTES_MIN - 1;
  await clock.advance(4_000);
  expect(free.refusal()).toBeDefined();
  disk.freeBytes = FREE_BYTES_AGAIN - 1;
  await clock.advance(2_000);
  expect(free.refusal()).toBeDefined();
  disk.freeBytes = FREE_BYTES_AGAIN;
  await clock.advance(2_000);
  expect(free.refusal()).toBeUndefined();
  expect(messages()).toEqual(['disk.full', 'disk.has_room']);
  await free.close();
});

test('a disk that cannot be measured refuses nothing', async () => {
  const { disk, clock, watch, messages } = makeDisk(FREE_BYTES_AGAIN);
  const free = await watch();
  disk.failure = new Error('EIO');
  await clock.advance(2_000);
  expect(free.refusal()).toBeUndefined();
  expect(messages()).toEqual(['disk.unreadable']);
  await free.close();
});

test('the disk of a real folder is measured', async () => {
  const logger = pino({ level: 'silent' });
  const free = await watchFreeDisk({ folder: '.', clock: makeManualClock(), logger });
  expect(free.freeBytes).toBeGreaterThan(0);
  await free.close();
});
