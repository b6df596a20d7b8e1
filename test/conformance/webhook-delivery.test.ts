import { Webhook as SvixWebhook } from 'svix';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { webhookEmulator } from '../../emulators/webhook/index.ts';
import { webhook } from '../../src/connectors/webhook/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Steps } from '../../src/kit/index.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import { ConnectionClient, drive, RecordClaims } from '../../src/outbound/index.ts';
import type { Exchange } from '../../src/outbound/index.ts';
import { aCache } from '../support/drive-steps.ts';
import { startLocalVendor } from '../support/local-vendor.ts';
import type { VendorRequest } from '../support/local-vendor.ts';
import { makeLeapingClock } from '../support/leaping-clock.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PREVIOUS = 'whsec_QjSK9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const UNPROVEN = 'No matching signature found';

const EVENT = {
  id: 'sub_1',
  key: 'user_456',
  type: 'checkout.1#confirm',
  timestamp: '2025-11-10T12:00:00.000Z',
  payload: { eventType: 'checkout.1#confirm', userId: 'Åsa', occured_at: '2025-11-10T12:00:00Z' },
};

// From now on, because the libraries hold times against the real clock.
const clock = makeLeapingClock(systemClock.now());

interface SendOptions {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly body?: 'raw' | 'standard_webhooks';
  readonly timeoutMs?: number;
  readonly privateAddresses?: boolean;
  readonly clock?: Clock;
}

/** Sends the event through the engine's own client; returns what became of it. */
async function send(options: SendOptions) {
  const { body = 'raw', timeoutMs = webhook.http.timeoutMs, privateAddresses = true } = options;
  const settings = webhook.settings.parse({ allow_private_addresses: true, ...options.settings });
  const connector = { ...webhook, http: { ...webhook.http, timeoutMs } };
  const client = new ConnectionClient({
    connector,
    settings,
    clock: options.clock ?? clock,
    privateAddresses,
  });
  onTestFinished(() => client.close());
  const exchanges: Exchange[] = [];
  const action = connector.actions['forward-event'];
  const context = { settings, options: { body }, cache: aCache(), nowMs: clock.now() };
  const steps = action?.deliver([{ input: EVENT, traceId: '7', attempt: 1 }], context);
  const driven = await drive(steps as Steps<readonly Outcome[]>, {
    client,
    claims: new RecordClaims(),
    signal: new AbortController().signal,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  if (driven.kind !== 'failed' && driven.kind !== 'returned') throw new Error(driven.kind);
  return { outcome: driven.kind === 'failed' ? driven.failure : driven.result[0], exchange: exchanges[0] };
}

describe('what is sent, in the hands of the verifiers that receivers use', () => {
  const verified = ({ text, headers }: VendorRequest, secret: string): unknown => {
    const given = headers as Record<string, string>;
    const bySvix = new SvixWebhook(secret).verify(text, given);
    expect(new Webhook(secret).verify(text, given)).toEqual(bySvix);
    return bySvix;
  };

  test('a raw event is genuine, and is what its sender wrote', async () => {
    const receiver = await startLocalVendor(() => ({ status: 200 }));
    await send({ settings: { url: `${receiver.url}/hook`, secret: SECRET } });
    const [request] = receiver.requests as readonly [VendorRequest];
    expect(verified(request, SECRET)).toEqual(EVENT.payload);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook',
      headers: { 'content-type': 'application/json', 'webhook-id': 'sub_1' },
    });
    expect(() => verified({ ...request, text: request.text.replace('Å', 'A') }, SECRET)).toThrow(UNPROVEN);
    expect(() => verified(request, PREVIOUS)).toThrow(UNPROVEN);
  });

  test('so is an event in the form of Standard Webhooks', async () => {
    const receiver = await startLocalVendor(() => ({ status: 200 }));
    await send({ settings: { url: receiver.url, secret: SECRET }, body: 'standard_webhooks' });
    const [request] = receiver.requests as readonly [VendorRequest];
    expect(verified(request, SECRET)).toEqual({
      type: 'checkout.1.confirm',
      timestamp: EVENT.timestamp,
      data: EVENT.payload,
    });
  });

  test('during a rotation it is genuine by either secret, and afterwards by the new one alone', async () => {
    const receiver = await startLocalVendor(() => ({ status: 200 }));
    const rotation = (untilMs: number) => ({
      url: receiver.url,
      secret: SECRET,
      previous_secret: PREVIOUS,
      previous_secret_until: new Date(untilMs).toISOString(),
    });
    await send({ settings: rotation(clock.now() + 60_000) });
    await send({ settings: rotation(clock.now()) });
    const [during, after] = receiver.requests as readonly [VendorRequest, VendorRequest];
    for (const secret of [SECRET, PREVIOUS]) expect(verified(during, secret)).toEqual(EVENT.payload);
    expect(verified(after, SECRET)).toEqual(EVENT.payload);
    expect(() => verified(after, PREVIOUS)).toThrow(UNPROVEN);
  });

  test('an attempt later has the same id and body, and a time and a signature of its own', async () => {
    const receiver = await startLocalVendor(() => ({ status: 500 }));
    const settings = { url: receiver.url, secret: SECRET };
    await send({ settings });
    await send({ settings, clock: makeLeapingClock(clock.now() + 5_000) });
    const [first, second] = receiver.requests as readonly [VendorRequest, VendorRequest];
    const of = ({ headers }: VendorRequest, name: string) => headers[`webhook-${name}`];
    expect(of(second, 'id')).toBe(of(first, 'id'));
    expect(second.text).toBe(first.text);
    expect(Number(of(second, 'timestamp'))).toBeGreaterThanOrEqual(Number(of(first, 'timestamp')) + 5);
    expect(of(second, 'signature')).not.toBe(of(first, 'signature'));
  });
});

describe('what a receiver may do', () => {
  const start = () => startEmulator(webhookEmulator);
  let emulator: Awaited<ReturnType<typeof start>>;

  beforeEach(async () => {
    emulator = await start();
  });
  afterEach(() => emulator.close());

  test.each([
    ['200', { kind: 'delivered', remoteId: 'sub_1' }],
    ['204', { kind: 'delivered' }],
    ['huge', { kind: 'delivered' }],
    ['slow', { kind: 'delivered' }],
    ['301', { kind: 'retry', fault: { status: 301 } }],
    ['400', { kind: 'rejected', fault: { status: 400 } }],
    ['408', { kind: 'retry' }],
    ['410', { kind: 'suspended', fault: { code: 'webhook.http_410' } }],
    ['429', { kind: 'deferred', waitMs: 5_000 }],
    ['500', { kind: 'retry' }],
  ] as const)('%s', async (usual, outcome) => {
    emulator.admin.seed({ endpoints: [{ path: '/hook', secrets: [SECRET], usual }] });
    const sending = send({ settings: { url: `${emulator.url}/hook`, secret: SECRET } });
    await expect.poll(() => emulator.state.received.length).toBe(1);
    emulator.clock.advance(2_000);
    expect((await sending).outcome).toMatchObject(outcome);
    // A redirect, too, is one call to one address.
    expect(emulator.state.received).toMatchObject([{ path: '/hook', isSigned: true, problems: [] }]);
  });

  test.each([404, 413, 422])('%i is final', async (status) => {
    emulator.admin.seed({ endpoints: [{ path: '/hook', usual: { status } }] });
    const { outcome } = await send({ settings: { url: `${emulator.url}/hook` } });
    expect(outcome?.kind).toBe('rejected');
  });

  test.each([301, 408, 425, 502, 503, 504])('%i is tried again after as long as it says', async (status) => {
    emulator.admin.seed({
      endpoints: [{ path: '/hook', usual: { status, headers: { 'retry-after': '60' } } }],
    });
    const { outcome } = await send({ settings: { url: `${emulator.url}/hook` } });
    expect(outcome).toMatchObject({ kind: 'retry', waitMs: 60_000 });
  });

  test('one that hangs is given up on, and tried again', async () => {
    const receiver = await startLocalVendor(() => new Promise<never>(() => undefined));
    const { outcome } = await send({ settings: { url: receiver.url }, timeoutMs: 100 });
    expect(outcome).toMatchObject({ kind: 'retry', fault: { code: 'webhook.timeout' } });
  });

  test('of a long answer the record keeps the beginning', async () => {
    emulator.admin.seed({ endpoints: [{ path: '/hook', usual: 'huge' }] });
    const { exchange } = await send({ settings: { url: `${emulator.url}/hook` } });
    expect(exchange?.responseBody?.length).toBeLessThan(21_000);
  });

  test('without headers that it asks for a sender is refused, and with them the headers stay secret', async () => {
    const headers = { Authorization: 'Bearer hook-token', 'X-Team': 'editorial' };
    emulator.admin.seed({ endpoints: [{ path: '/hook', headers }] });
    const url = `${emulator.url}/hook`;
    expect((await send({ settings: { url } })).outcome?.kind).toBe('suspended');
    const { outcome, exchange } = await send({ settings: { url, headers } });
    expect(outcome?.kind).toBe('delivered');
    expect(JSON.stringify(exchange)).not.toMatch(/hook-token|editorial/);
  });

  test('a receiver inside the network is not called unless that was allowed', async () => {
    const { outcome } = await send({
      settings: { url: `${emulator.url}/hook` },
      privateAddresses: false,
    });
    expect(outcome).toMatchObject({ kind: 'suspended', fault: { code: 'webhook.forbidden_address' } });
    expect(emulator.state.received).toEqual([]);
  });
});
