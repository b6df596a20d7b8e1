import { pino } from 'pino';
import { expect, test } from 'vitest';
import { makeManualClock } from '../../../test/support/manual-clock.ts';
import type { DeliveryObserver } from '../../delivery/index.ts';
import { makeDeliveryLog } from './delivery-log.ts';
import { makeIngestLog } from './ingest-log.ts';
import { LineLimiter } from './line-limiter.ts';
import { makeLogger } from './logger.ts';

type Written = Readonly<Record<string, unknown>>;

function makeLog() {
  const written: Written[] = [];
  const logger = pino(
    { base: null, timestamp: false },
    { write: (line) => void written.push(JSON.parse(line) as Written) },
  );
  const clock = makeManualClock();
  const lines = new LineLimiter(logger, clock);
  return { written, clock, lines, delivery: makeDeliveryLog(lines), ingest: makeIngestLog(lines) };
}

type Failed = Parameters<DeliveryObserver['failed']>[0];

function aFailure(failed: Partial<Failed>): Failed {
  const fault = { code: 'hubspot.INVALID_EMAIL', message: 'ada@example.com is no address', status: 400 };
  const dueAtMs = Date.parse('2026-11-21T12:01:00Z');
  return {
    workspace: 'acme',
    connection: 'hubspot',
    flow: 'f',
    parked: [],
    dead: [],
    fault,
    dueAtMs,
    ...failed,
  };
}

function parts(...eventIds: string[]): Failed['parked'] {
  return eventIds.map((eventId) => ({
    eventId,
    input: { email: 'ada@example.com' },
  })) as unknown as Failed['parked'];
}

const INFO = 30;
const WARN = 40;
const ERROR = 50;

test('what is parked and what dies is one line each, with the ids of its events', () => {
  const { delivery, written } = makeLog();
  delivery.failed(aFailure({ parked: parts('e1', 'e2') }));
  delivery.failed(aFailure({ dead: parts('e3') }));
  const about = {
    workspace: 'acme',
    connection: 'hubspot',
    flow: 'f',
    code: 'hubspot.INVALID_EMAIL',
    status: 400,
  };
  expect(written).toEqual([
    {
      level: INFO,
      ...about,
      eventIds: ['e1', 'e2'],
      dueAt: '2026-11-21T12:01:00.000Z',
      msg: 'delivery.parked',
    },
    { level: WARN, ...about, eventIds: ['e3'], msg: 'delivery.dead_lettered' },
  ]);
});

test('neither inputs nor what the vendor wrote is in the log, for both may name a person', () => {
  const { delivery, written } = makeLog();
  delivery.failed(aFailure({ parked: parts('e1'), dead: parts('e2') }));
  delivery.suspended({ workspace: 'acme', connection: 'hubspot', fault: aFailure({}).fault });
  delivery.breaker({ workspace: 'acme', connection: 'hubspot', state: 'open', fault: aFailure({}).fault });
  expect(written).toHaveLength(4);
  expect(JSON.stringify(written)).not.toContain('ada@example.com');
});

test('a merged input names ten of its events and how many there are', () => {
  const { delivery, written } = makeLog();
  delivery.failed(
    aFailure({ dead: parts(...Array.from({ length: 25 }, (_, index) => `e${String(index)}`)) }),
  );
  expect(written[0]).toMatchObject({ eventCount: 25 });
  expect(written[0]?.['eventIds']).toHaveLength(10);
});

test('a vendor that goes down and comes back, a connection that stops and goes on, each is a line', () => {
  const { delivery, written } = makeLog();
  const fault = { code: 'hubspot.timeout', message: 'm' };
  delivery.breaker({ workspace: 'acme', connection: 'hubspot', state: 'open', fault });
  delivery.breaker({ workspace: 'acme', connection: 'hubspot', state: 'closed' });
  delivery.suspended({ workspace: 'acme', connection: 'hubspot', fault });
  delivery.resumed({ workspace: 'acme', connection: 'hubspot' });
  expect(written.map(({ msg, level }) => [msg, level])).toEqual([
    ['delivery.breaker_opened', WARN],
    ['delivery.breaker_closed', INFO],
    ['delivery.suspended', ERROR],
    ['delivery.resumed', INFO],
  ]);
});

test('a storm is ten lines a minute and one that says how many were left out', async () => {
  const { delivery, written, clock } = makeLog();
  for (let index = 0; index < 500; index += 1)
    delivery.failed(aFailure({ parked: parts(`e${String(index)}`) }));
  expect(written).toHaveLength(10);
  await clock.advance(60_000);
  expect(written).toHaveLength(11);
  expect(written[10]).toEqual({
    level: INFO,
    workspace: 'acme',
    connection: 'hubspot',
    flow: 'f',
    code: 'hubspot.INVALID_EMAIL',
    repeated: 490,
    msg: 'delivery.parked',
  });
  delivery.failed(aFailure({ parked: parts('after') }));
  expect(written[11]).toMatchObject({ eventIds: ['after'] });
});

test('a storm of one connection hides no line of another', () => {
  const { delivery, written } = makeLog();
  for (let index = 0; index < 50; index += 1) delivery.failed(aFailure({ parked: parts('e') }));
  delivery.failed(aFailure({ connection: 'mailchimp', parked: parts('other') }));
  expect(written.at(-1)).toMatchObject({ connection: 'mailchimp', eventIds: ['other'] });
});

test('codes that a vendor invents without end do not grow memory: they become one kind', () => {
  const { delivery, written } = makeLog();
  for (let index = 0; index < 3_000; index += 1) {
    const fault = { code: `hubspot.${String(index)}`, message: 'm' };
    delivery.failed(aFailure({ fault, parked: parts('e') }));
  }
  expect(written).toHaveLength(1_010);
});

test('closing tells what was left out', () => {
  const { delivery, written, lines } = makeLog();
  for (let index = 0; index < 12; index += 1) delivery.failed(aFailure({ dead: parts('e') }));
  lines.close();
  expect(written.at(-1)).toMatchObject({ repeated: 2, msg: 'delivery.dead_lettered' });
});

test('senders that are turned away for our own reasons are a line, their own mistakes are none', () => {
  const { ingest, written } = makeLog();
  const answered = { route: '/v1/batch', bytes: 1, endedAtMs: 0, durationMs: 1, trace: {} };
  ingest.answered({ ...answered, status: 200, code: undefined });
  ingest.answered({ ...answered, status: 400, code: 'ingest.json_invalid' });
  ingest.answered({ ...answered, status: 429, code: 'ingest.overloaded' });
  ingest.answered({ ...answered, status: 503, code: 'ingest.unavailable' });
  expect(written.map(({ code, msg }) => [msg, code])).toEqual([
    ['ingest.turned_away', 'ingest.overloaded'],
    ['ingest.turned_away', 'ingest.unavailable'],
  ]);
});

test('an error of PostgreSQL is logged without the row that it quotes', () => {
  const written: string[] = [];
  const logger = makeLogger('info', { write: (line) => void written.push(line) });
  const detail = 'Failing row contains (ada@example.com).';
  logger.error(
    { err: Object.assign(new Error('not null'), { code: '23502', detail }) },
    'delivery.record_failed',
  );
  expect(written[0]).toContain('23502');
  expect(written[0]).not.toContain('ada@example.com');
});
