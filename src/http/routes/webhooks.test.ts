import { expect, test } from 'vitest';
import { makeIngestServer, WEBHOOK_SIGNATURE } from '../../../test/support/ingest-server.ts';

const post = (url: string, payload: unknown, signature = WEBHOOK_SIGNATURE) =>
  ({
    method: 'POST',
    url,
    headers: { 'x-signature': signature, host: 'hub.example.com' },
    payload: JSON.stringify(payload),
  }) as const;

test('notices of others become events of the connection, once, and whoever remembers the records is told', async () => {
  const { server, log, changed } = makeIngestServer();
  const body = [
    { id: 'n1', record: '1' },
    { id: 'n2', record: '2', isOwnWrite: true },
  ];
  const answer = await server.inject(post('/webhooks/crm', body));
  expect([answer.statusCode, answer.json()]).toEqual([200, { success: true, accepted: 1 }]);
  const again = await server.inject(post('/webhooks/crm', body));
  expect(again.json()).toEqual({ success: true, accepted: 0 });
  expect(
    log.events.map(({ id, source, type, name, personKey }) => [id, source, type, name, personKey]),
  ).toEqual([['n1', 'crm', 'record', 'thing.changed', 'thing:1']]);
  expect(changed).toEqual([
    ['crm', [{ type: 'thing', id: '1' }]],
    ['crm', [{ type: 'thing', id: '1' }]],
  ]);
});

test('the signature covers the address as the vendor called it, with https before a proxy', async () => {
  const { server, webhookUrls } = makeIngestServer();
  await server.inject(post('/webhooks/crm?a=%3A', []));
  expect(webhookUrls).toEqual([
    'https://hub.example.com/webhooks/crm?a=%3A',
    'http://hub.example.com/webhooks/crm?a=%3A',
  ]);
});

test.each([
  ['unsigned', '/webhooks/crm', [{ id: 'n1', record: '1' }], 'wrong', 401, 'ingest.signature_invalid'],
  [
    'to a connection without webhooks',
    '/webhooks/nobody',
    [],
    WEBHOOK_SIGNATURE,
    404,
    'ingest.webhook_unknown',
  ],
  ['in another form', '/webhooks/crm', { nothing: true }, WEBHOOK_SIGNATURE, 400, 'ingest.notice_invalid'],
])('a call %s is refused, and nothing of it is kept', async (_how, url, body, signature, status, code) => {
  const { server, log, changed } = makeIngestServer();
  const answer = await server.inject(post(url, body, signature));
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ code });
  expect(log.events).toEqual([]);
  expect(changed).toEqual([]);
});
