import { empty, json, Refused } from '../../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../core/index.ts';
import {
  errorReply,
  expired,
  invalid,
  missingScopes,
  notEmulated,
  notFound,
  NOT_AUTHENTICATED,
} from '../errors.ts';
import { readObject, readTexts } from '../input.ts';
import type { AppToken } from '../oauth/oauth-state.ts';
import type { HubspotState } from '../state.ts';
import type { JournalFile } from './journal-state.ts';
import { parseJournalSubscription, showJournalSubscription } from './journal-subscription.ts';
import type { JournalSubscription } from './journal-subscription.ts';

// Specifications exist for the first two, a third-party list names 2026-09 too; v4 is the old beta.
const VERSIONS = ['2026-03', '2026-09', '2027-03-beta'];
const BATCH_MAX = 100;

type Handle = (request: EmulatorRequest, state: HubspotState, token: AppToken) => Reply;

export function journalRoutes(): Route<HubspotState>[] {
  const read = 'developer.webhooks_journal.read';
  const journals = [
    ['/webhooks/v4/journal', false],
    ...VERSIONS.map((version) => [`/webhooks-journal/journal/${version}`, false] as const),
    ...VERSIONS.map((version) => [`/webhooks-journal/journal-local/${version}`, true] as const),
  ] as const;
  const subscriptions = [
    '/webhooks/v4/subscriptions',
    ...VERSIONS.map((version) => `/webhooks-journal/subscriptions/${version}`),
  ];
  return [
    ...journals.flatMap(([base, isLocal]) => {
      const on = (path: string, choose: (files: JournalFile[], request: EmulatorRequest) => JournalFile[]) =>
        guardApp('GET', `${base}${path}`, read, (request, state, token) => {
          const chosen = choose(filesOf(request, state, token, isLocal), request);
          const isBatch = path.startsWith('/batch');
          if (isBatch) return json(200, batchOf(request, state, chosen));
          const [file] = chosen;
          // At the head there is nothing to read yet.
          return file === undefined ? empty(204) : json(200, showFile(request, state, file));
        });
      return [
        on('/earliest', (files) => files.slice(0, 1)),
        on('/latest', (files) => files.slice(-1)),
        on('/offset/:offset/next', (files, request) => after(files, request).slice(0, 1)),
        on('/batch/earliest/:count', (files, request) => files.slice(0, countOf(request))),
        on('/batch/latest/:count', (files, request) => files.slice(-countOf(request))),
        on('/batch/:offset/next/:count', (files, request) =>
          after(files, request).slice(0, countOf(request)),
        ),
        guardApp('POST', `${base}/batch/read`, read, (request, state, token) => {
          const wanted = readTexts(request, readObject(request), 'inputs') ?? [];
          if (wanted.length > BATCH_MAX) throw invalid(`At most ${BATCH_MAX} offsets can be read at once`);
          const files = filesOf(request, state, token, isLocal);
          return json(
            200,
            batchOf(
              request,
              state,
              files.filter(({ offset }) => wanted.includes(offset)),
            ),
          );
        }),
      ];
    }),
    ...subscriptions.flatMap(subscriptionRoutes),
    ...VERSIONS.map((version) =>
      guardApp(
        'POST',
        `/webhooks-journal/snapshots/${version}/crm`,
        'developer.webhooks_journal.snapshots.write',
        () => {
          throw notEmulated('snapshots of the webhooks journal');
        },
      ),
    ),
    { method: 'GET', path: '/webhooks-journal-files/:token', handle: readFile },
  ];
}

function subscriptionRoutes(base: string): Route<HubspotState>[] {
  const scope = (access: 'read' | 'write'): string => `developer.webhooks_journal.subscriptions.${access}`;
  return [
    guardApp('GET', base, scope('read'), (_request, state, { appId }) =>
      json(200, { results: ownSubscriptions(state, appId).map(showJournalSubscription) }),
    ),
    guardApp('POST', base, scope('write'), (request, state, { appId }) => {
      const wanted = parseJournalSubscription(request, readObject(request), appId, state.clock.now());
      if (!state.oauth.isInstalled(appId, wanted.portalId)) {
        throw invalid(`The app is not installed in portal ${wanted.portalId}`);
      }
      const subscription = state.journal.subscribe(wanted);
      state.webhooks.listen(state);
      return json(201, showJournalSubscription(subscription));
    }),
    guardApp('POST', `${base}/filters`, scope('write'), () => {
      throw notEmulated('filters of journal subscriptions');
    }),
    guardApp('DELETE', `${base}/portals/:portalId`, scope('write'), (request, state, { appId }) => {
      for (const { id, portalId } of ownSubscriptions(state, appId)) {
        if (String(portalId) === request.param('portalId')) state.journal.subscriptions.delete(id);
      }
      return empty(204);
    }),
    guardApp('GET', `${base}/:id`, scope('read'), (request, state, { appId }) =>
      json(200, showJournalSubscription(getSubscription(request, state, appId))),
    ),
    guardApp('DELETE', `${base}/:id`, scope('write'), (request, state, { appId }) => {
      state.journal.subscriptions.delete(getSubscription(request, state, appId).id);
      return empty(204);
    }),
  ];
}

/** Only the app itself, by client credentials, may pull. */
function guardApp(
  method: Route<HubspotState>['method'],
  path: string,
  scope: string,
  handle: Handle,
): Route<HubspotState> {
  return {
    method,
    path,
    handle: (request, state) => {
      const token = state.oauth.appTokens.get(request.bearer() ?? '');
      if (token === undefined) throw new Refused(NOT_AUTHENTICATED);
      const now = state.clock.now();
      if (token.expiresAt <= now) {
        throw new Refused(expired(Math.max(1, Math.floor((now - token.expiresAt) / 1_000))));
      }
      if (!token.scopes.has(scope)) return missingScopes([scope]);
      return handle(request, state, token);
    },
  };
}

function filesOf(
  request: EmulatorRequest,
  state: HubspotState,
  { appId }: AppToken,
  isLocal: boolean,
): JournalFile[] {
  const portal = request.query.get('installPortalId');
  if (isLocal && portal === null) throw invalid('installPortalId is required');
  return state.journal.files(appId, portal === null ? undefined : Number(portal));
}

function after(files: JournalFile[], request: EmulatorRequest): JournalFile[] {
  const at = files.findIndex(({ offset }) => offset === request.param('offset'));
  // An offset that is older than three days, or never was.
  if (at === -1)
    throw new Refused(errorReply(404, { message: 'offset not found', category: 'OBJECT_NOT_FOUND' }));
  return files.slice(at + 1);
}

function countOf(request: EmulatorRequest): number {
  const count = Number(request.param('count'));
  if (!Number.isInteger(count) || count < 1 || count > BATCH_MAX) {
    throw invalid(`count must be between 1 and ${BATCH_MAX}`);
  }
  return count;
}

function showFile(request: EmulatorRequest, state: HubspotState, file: JournalFile): Record<string, unknown> {
  const { token, expiresAt } = state.journal.issueTicket(file);
  return {
    url: `${request.origin}/webhooks-journal-files/${token}`,
    currentOffset: file.offset,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

function batchOf(request: EmulatorRequest, state: HubspotState, files: readonly JournalFile[]): unknown {
  const at = new Date(state.clock.now()).toISOString();
  return {
    status: 'COMPLETE',
    results: files.map((file) => showFile(request, state, file)),
    startedAt: at,
    completedAt: at,
  };
}

const readFile: Route<HubspotState>['handle'] = (request, state) => {
  const file = state.journal.redeem(request.param('token'));
  if (file === undefined) throw notFound();
  // What the storage behind such an address says when it is too late.
  if (file === 'expired')
    return {
      status: 403,
      headers: { 'content-type': 'application/xml' },
      body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
    };
  switch (state.switches.journalFormat) {
    case 'array':
      return json(200, file.entries);
    case 'lines':
      return {
        status: 200,
        headers: { 'content-type': 'application/x-ndjson' },
        body: file.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
      };
    case 'envelope':
      return json(200, {
        offset: file.offset,
        publishedAt: Math.floor(file.at / 1_000),
        journalEvents: file.entries,
      });
  }
};

function ownSubscriptions(state: HubspotState, appId: number): JournalSubscription[] {
  return [...state.journal.subscriptions.values()].filter((subscription) => subscription.appId === appId);
}

function getSubscription(request: EmulatorRequest, state: HubspotState, appId: number): JournalSubscription {
  const found = ownSubscriptions(state, appId).find(({ id }) => String(id) === request.param('id'));
  if (found === undefined) throw notFound();
  return found;
}
