import { expect, test } from 'vitest';
import { aCache, driveSteps } from '../../../test/support/drive-steps.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import type { CallResponse } from '../../kit/index.ts';
import { eventInputSchema } from './event-input.ts';
import { sendEvents } from './send-events.ts';
import { settingsSchema } from './settings.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;

function anEvent(change: object = {}, ageMs = 0) {
  return eventInputSchema.parse({
    event_name: 'Lead',
    event_time: new Date(NOW_MS - ageMs).toISOString(),
    event_id: 'e1',
    action_source: 'other',
    user_data: { em: 'asa@example.com' },
    ...change,
  });
}

interface Sent {
  readonly data: readonly { readonly event_id: string; readonly event_time: number }[];
  readonly test_event_code?: string;
}

function run(inputs: readonly ReturnType<typeof anEvent>[], answer?: (count: number) => unknown) {
  const settings = settingsSchema.parse({ pixel_id: '1', access_token: 't', test_event_code: 'TEST1' });
  const items = inputs.map((input, index) => ({ input, traceId: String(index), attempt: 1 }));
  const sent: Sent[] = [];
  const { result } = driveSteps(
    sendEvents(items, { settings, options: {}, cache: aCache(), nowMs: NOW_MS }),
    ({ body }): CallResponse => {
      const call = body as unknown as Sent;
      sent.push(call);
      const received = answer?.(call.data.length) ?? { events_received: call.data.length, messages: [] };
      return { status: 200, headers: {}, body: received };
    },
  );
  return { outcomes: result, sent, kinds: result.map(({ kind }: Outcome) => kind) };
}

test('an event of more than seven days is settled here, and the others of its batch leave', () => {
  const { kinds, sent } = run([
    anEvent(),
    anEvent({ event_id: 'old' }, 7 * DAY_MS + 1),
    anEvent({}, 7 * DAY_MS),
  ]);
  expect(kinds).toEqual(['delivered', 'rejected', 'delivered']);
  expect(sent.flatMap(({ data }) => data.map(({ event_id }) => event_id))).toEqual(['e1', 'e1']);
});

test('a sale in a shop may be sixty-two days old', () => {
  const inShop = { action_source: 'physical_store' };
  expect(run([anEvent(inShop, 62 * DAY_MS), anEvent(inShop, 62 * DAY_MS + 1)]).kinds).toEqual([
    'delivered',
    'rejected',
  ]);
});

test('a batch of stale events makes no call', () => {
  expect(run([anEvent({}, 8 * DAY_MS)]).sent).toEqual([]);
});

test('a time ahead of ours is sent as now', () => {
  expect(run([anEvent({}, -60_000)]).sent[0]?.data[0]?.event_time).toBe(NOW_MS / 1000);
});

test('nobody is sent who could not be known, and the reason is told', () => {
  const { outcomes, sent } = run([
    anEvent({ user_data: { em: 'x', ct: 'Malmö', client_ip_address: '192.0.2.7' } }),
  ]);
  expect(outcomes).toMatchObject([
    { kind: 'skipped', reason: expect.stringContaining('user_data') as string },
  ]);
  expect(sent).toEqual([]);
});

test('what goes over a megabyte goes in several calls', () => {
  const heavy = { custom_data: { note: 'å'.repeat(200_000) } };
  const { kinds, sent } = run(['a', 'b', 'c', 'd', 'e'].map((event_id) => anEvent({ ...heavy, event_id })));
  expect(kinds).toEqual(Array(5).fill('delivered'));
  expect(sent.map(({ data }) => data.length)).toEqual([2, 2, 1]);
});

test('the remarks of Meta are kept with the delivery, and the test code goes along', () => {
  const { outcomes, sent } = run([anEvent()], (count) => ({ events_received: count, messages: ['late'] }));
  expect(outcomes).toEqual([{ kind: 'delivered', notes: ['Meta remarks on the call: ["late"]'] }]);
  expect(sent[0]?.test_event_code).toBe('TEST1');
});

test('an answer that counts fewer events than were sent proves nothing', () => {
  expect(run([anEvent(), anEvent()], (count) => ({ events_received: count - 1 })).kinds).toEqual([
    'retry',
    'retry',
  ]);
});
