import { expect } from 'vitest';
import { DEFAULT_PORTAL_ID } from '../../emulators/hubspot/index.ts';
import { DEFAULT_APP } from '../../emulators/hubspot/oauth/app.ts';
import type { Version } from '../../emulators/hubspot/versions.ts';
import { crm, idOf } from './hubspot-paths-frame.ts';
import type { PathRow } from './hubspot-paths-frame.ts';

const text: unknown = expect.any(String);
const number: unknown = expect.any(Number);
const list: unknown = expect.any(Array);

const definitions = (version: Version): string =>
  version === 'v3' ? '/events/v3/event-definitions' : `/events/custom/${version}/event-definitions`;
const sends = (version: Version): string | undefined =>
  version === 'v3' ? '/events/v3/send' : version === '2025-09' ? undefined : `/events/custom/${version}/send`;
const webhooks = (version: Version): string =>
  `${version === 'v3' || version === '2026-03' ? '/webhooks' : '/app-webhooks'}/${version}/${DEFAULT_APP.appId}`;
/** 2025-09 has no OAuth of its own. */
const oauth = (version: Version): string | undefined =>
  version === '2025-09' ? undefined : `/oauth/${version === 'v3' ? 'v1' : version}`;

const KEY = `?hapikey=${DEFAULT_APP.developerApiKey}`;
const EVENT = `pe${DEFAULT_PORTAL_ID}_paid`;

const EXPORT = {
  exportType: 'VIEW',
  exportName: 'All',
  format: 'CSV',
  language: 'EN',
  objectType: 'CONTACT',
  objectProperties: ['email'],
  exportInternalValuesOptions: [],
};

const IMPORT = JSON.stringify({
  name: 'People',
  files: [
    {
      fileName: 'people.csv',
      fileFormat: 'CSV',
      fileImportPage: {
        hasHeader: true,
        columnMappings: [{ columnObjectTypeId: '0-1', columnName: 'Email', propertyName: 'email' }],
      },
    },
  ],
});
const IMPORT_FILE = 'Email\nimported@example.com\n';

/** What there is around records. In order: later rows use what earlier ones have made. */
export const EDGE_ROWS: readonly PathRow[] = [
  {
    name: 'an event is defined',
    wire: (v) => ({
      method: 'POST',
      path: definitions(v),
      json: {
        label: 'Paid',
        name: 'paid',
        propertyDefinitions: [{ name: 'amount', label: 'Amount', type: 'number' }],
      },
    }),
    status: 201,
    shape: {
      fullyQualifiedName: EVENT,
      objectTypeId: expect.stringMatching(/^6-\d+$/) as unknown,
      properties: list,
    },
  },
  {
    name: 'an event is sent',
    client: ({ events }) =>
      events.send.basicApi.sendWithHttpInfo({
        eventName: EVENT,
        email: 'ada@example.com',
        properties: { amount: '7' },
      }),
    wire: (v) => {
      const path = sends(v);
      return path === undefined
        ? undefined
        : {
            method: 'POST',
            path,
            json: { eventName: EVENT, email: 'ada@example.com', properties: { amount: '7' } },
          };
    },
    status: 204,
  },
  {
    name: 'events are sent in a batch',
    client: ({ events }) =>
      events.send.batchApi.sendWithHttpInfo({ inputs: [{ eventName: EVENT, email: 'ada@example.com' }] }),
    wire: (v) => {
      const path = sends(v);
      return path === undefined
        ? undefined
        : {
            method: 'POST',
            path: `${path}/batch`,
            json: { inputs: [{ eventName: EVENT, email: 'ada@example.com' }] },
          };
    },
    status: 204,
  },
  {
    name: 'an event that nobody defined is refused',
    client: ({ events }) =>
      events.send.basicApi.sendWithHttpInfo({ eventName: 'pe1_x', email: 'ada@example.com' }),
    wire: (v) => {
      const path = sends(v);
      return path === undefined
        ? undefined
        : { method: 'POST', path, json: { eventName: 'pe1_x', email: 'ada@example.com' } };
    },
    status: 400,
    shape: {
      category: 'VALIDATION_ERROR',
      message: expect.stringContaining('pe1_x does not exist') as unknown,
    },
  },
  {
    name: 'events of a type are read',
    client: ({ events }) => events.eventsApi.getPageWithHttpInfo(undefined, EVENT),
    wire: (v) => ({
      method: 'GET',
      path: `${v === 'v3' ? '/events/v3/events' : `/events/event-occurrences/${v}`}?eventType=${EVENT}`,
    }),
    status: 200,
    shape: { results: list },
  },
  {
    name: 'types of events are listed',
    client: ({ events }) => events.eventsApi.getTypesWithHttpInfo(),
    wire: (v) => ({
      method: 'GET',
      path: `${v === 'v3' ? '/events/v3/events' : `/events/event-occurrences/${v}`}/event-types`,
    }),
    status: 200,
    shape: { eventTypes: [EVENT] },
  },
  {
    name: 'an import is started',
    client: ({ crm: c }) =>
      c.imports.coreApi.createWithHttpInfo({ data: Buffer.from(IMPORT_FILE), name: 'people.csv' }, IMPORT),
    wire: (v) => {
      const multipart = new FormData();
      multipart.set('importRequest', IMPORT);
      multipart.set('files', new File([IMPORT_FILE], 'people.csv'));
      return { method: 'POST', path: crm(v, 'imports'), multipart };
    },
    status: 200,
    shape: { id: text, state: 'STARTED', metadata: { counters: {}, fileIds: list, objectLists: [] } },
    keep: idOf('import'),
  },
  {
    name: 'the errors of an import are listed',
    client: ({ crm: c }, { import: id }) => c.imports.publicImportsApi.getErrorsWithHttpInfo(Number(id)),
    wire: (v, { import: id = '' }) => ({ method: 'GET', path: `${crm(v, 'imports')}/${id}/errors` }),
    status: 200,
    shape: { results: [] },
  },
  {
    name: 'an import is cancelled',
    client: ({ crm: c }, { import: id }) => c.imports.coreApi.cancelWithHttpInfo(Number(id)),
    wire: (v, { import: id = '' }) => ({ method: 'POST', path: `${crm(v, 'imports')}/${id}/cancel` }),
    status: 200,
    shape: { status: 'COMPLETE', startedAt: text, completedAt: text },
  },
  {
    name: 'an export is started',
    // By hand: the serialiser of client 13.5 cannot write this request, whose model is one of two.
    wire: (v) => ({ method: 'POST', path: `${crm(v, 'exports')}/export/async`, json: EXPORT }),
    status: 202,
    shape: { id: text, links: { status: text } },
    keep: idOf('export'),
  },
  {
    name: 'the state of an export is told',
    client: ({ crm: c }, { export: id }) => c.exports.publicExportsApi.getStatusWithHttpInfo(Number(id)),
    wire: (v, { export: id = '' }) => ({
      method: 'GET',
      path: `${crm(v, 'exports')}/export/async/tasks/${id}/status`,
    }),
    status: 200,
    shape: { status: 'PROCESSING', startedAt: text },
  },
  {
    name: 'a code becomes tokens',
    client: ({ oauth: o }, { code }) =>
      o.tokensApi.createWithHttpInfo(
        'authorization_code',
        code,
        DEFAULT_APP.redirectUris[0],
        DEFAULT_APP.clientId,
        DEFAULT_APP.clientSecret,
      ),
    wire: (v, { code = '' }) =>
      tokenCall(v, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: DEFAULT_APP.redirectUris[0] ?? '',
      }),
    status: 200,
    // The client's models write keys in its own way.
    shape: expect.toSatisfy((body: object) => 'access_token' in body || 'accessToken' in body) as unknown,
  },
  {
    name: 'a bad refresh token is refused',
    client: ({ oauth: o }) =>
      o.tokensApi.createWithHttpInfo(
        'refresh_token',
        undefined,
        undefined,
        DEFAULT_APP.clientId,
        DEFAULT_APP.clientSecret,
        'x',
      ),
    wire: (v) => tokenCall(v, { grant_type: 'refresh_token', refresh_token: 'x' }),
    status: 400,
    shape: { message: 'refresh token is invalid, expired or revoked' },
  },
  {
    name: 'an address for webhooks is set',
    client: (client) =>
      client.webhooks.settingsApi.configureWithHttpInfo(DEFAULT_APP.appId, {
        targetUrl: 'https://example.com/hooks',
        throttling: { maxConcurrentRequests: 10 },
      }),
    wire: (v) => ({
      method: 'PUT',
      path: `${webhooks(v)}/settings${KEY}`,
      json: { targetUrl: 'https://example.com/hooks', throttling: { maxConcurrentRequests: 10 } },
    }),
    status: 200,
    shape: {
      targetUrl: 'https://example.com/hooks',
      throttling: { maxConcurrentRequests: number },
      createdAt: text,
    },
  },
  {
    name: 'changes are subscribed to',
    client: (client) =>
      client.webhooks.subscriptionsApi.createWithHttpInfo(DEFAULT_APP.appId, {
        eventType: 'contact.propertyChange' as never,
        propertyName: 'email',
        active: true,
      }),
    wire: (v) => ({
      method: 'POST',
      path: `${webhooks(v)}/subscriptions${KEY}`,
      json: { eventType: 'contact.propertyChange', propertyName: 'email', active: true },
    }),
    status: 201,
    shape: {
      id: text,
      eventType: 'contact.propertyChange',
      propertyName: 'email',
      active: true,
      createdAt: text,
    },
    keep: idOf('subscription'),
  },
  {
    name: 'subscriptions are switched off in a batch',
    client: (client, { subscription }) =>
      client.webhooks.subscriptionsApi.updateBatchWithHttpInfo(DEFAULT_APP.appId, {
        inputs: [{ id: Number(subscription), active: false }],
      }),
    wire: (v, { subscription }) => ({
      method: 'POST',
      path: `${webhooks(v)}/subscriptions/batch/update${KEY}`,
      json: { inputs: [{ id: Number(subscription), active: false }] },
    }),
    status: 200,
    shape: { status: 'COMPLETE', results: [{ active: false }] },
  },
  {
    name: 'a subscription is removed',
    client: (client, { subscription }) =>
      client.webhooks.subscriptionsApi.archiveWithHttpInfo(Number(subscription), DEFAULT_APP.appId),
    wire: (v, { subscription = '' }) => ({
      method: 'DELETE',
      path: `${webhooks(v)}/subscriptions/${subscription}${KEY}`,
    }),
    status: 204,
  },
];

function tokenCall(version: Version, form: Readonly<Record<string, string>>): ReturnType<PathRow['wire']> {
  const base = oauth(version);
  if (base === undefined) return undefined;
  const { clientId, clientSecret } = DEFAULT_APP;
  return {
    method: 'POST',
    path: `${base}/token`,
    form: { client_id: clientId, client_secret: clientSecret, ...form },
  };
}
