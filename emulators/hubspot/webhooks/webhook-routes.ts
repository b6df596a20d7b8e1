import { empty, json, Refused } from '../../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../core/index.ts';
import { invalid, NOT_AUTHENTICATED, notFound } from '../errors.ts';
import { readFlag, readInputs, readObject, readText } from '../input.ts';
import type { HubspotState } from '../state.ts';
import { showSettings, showSubscription } from './subscription.ts';
import type { Subscription } from './subscription.ts';
import { parseSettings, parseSubscription } from './subscription-rules.ts';

// The prefix differs between versions, oddly (published specifications, 2026-08).
const BASES = [
  '/webhooks/v3',
  '/webhooks/2026-03',
  '/app-webhooks/2025-09',
  '/app-webhooks/2026-09',
  '/app-webhooks/2027-03-beta',
];

const SUBSCRIPTIONS_MAX = 1_000;

type Handle = (request: EmulatorRequest, state: HubspotState, appId: number) => Reply;

/** Where an app's webhooks go and what it subscribes to; opened by the developer account's API key. */
export function webhookRoutes(): Route<HubspotState>[] {
  return BASES.flatMap((base) => {
    const on = (
      method: Route<HubspotState>['method'],
      path: string,
      handle: Handle,
    ): Route<HubspotState> => ({
      method,
      path: `${base}/:appId${path}`,
      handle: (request, state) => handle(request, state, authenticate(request, state)),
    });
    return [
      on('GET', '/settings', (_request, state, appId) => {
        const { settings } = state.webhooks.of(appId);
        if (settings === undefined) throw notFound();
        return json(200, showSettings(settings));
      }),
      on('PUT', '/settings', configure),
      on('DELETE', '/settings', (_request, state, appId) => {
        state.webhooks.of(appId).settings = undefined;
        return empty(204);
      }),
      on('GET', '/subscriptions', (_request, state, appId) =>
        json(200, { results: [...state.webhooks.of(appId).subscriptions.values()].map(showSubscription) }),
      ),
      on('POST', '/subscriptions', subscribe),
      on('POST', '/subscriptions/batch/update', updateBatch),
      on('GET', '/subscriptions/:id', (request, state, appId) =>
        json(200, showSubscription(getSubscription(state, appId, request.param('id')))),
      ),
      on('PATCH', '/subscriptions/:id', (request, state, appId) => {
        const active = readFlag(request, readObject(request), 'active');
        return json(200, showSubscription(activate(state, appId, request.param('id'), active)));
      }),
      on('DELETE', '/subscriptions/:id', (request, state, appId) => {
        const { id } = getSubscription(state, appId, request.param('id'));
        state.webhooks.of(appId).subscriptions.delete(id);
        return empty(204);
      }),
    ];
  });
}

function authenticate(request: EmulatorRequest, state: HubspotState): number {
  const app = state.oauth.appById(Number(request.param('appId')));
  const key = request.query.get('hapikey');
  if (
    key === null ||
    ![...state.oauth.apps.values()].some(({ developerApiKey }) => developerApiKey === key)
  ) {
    throw new Refused(NOT_AUTHENTICATED);
  }
  // An app of another developer is as unknown as one that does not exist.
  if (app === undefined || app.developerApiKey !== key) throw notFound();
  return app.appId;
}

function configure(request: EmulatorRequest, state: HubspotState, appId: number): Reply {
  const own = state.webhooks.of(appId);
  own.settings = parseSettings({ request, now: state.clock.now() }, readObject(request), own.settings);
  return json(200, showSettings(own.settings));
}

function subscribe(request: EmulatorRequest, state: HubspotState, appId: number): Reply {
  const wanted = parseSubscription({ request, now: state.clock.now() }, readObject(request));
  if (state.webhooks.of(appId).subscriptions.size >= SUBSCRIPTIONS_MAX) {
    throw invalid(
      `Couldn't create another subscription. You've reached the maximum number allowed per application (${SUBSCRIPTIONS_MAX}).`,
    );
  }
  const subscription = state.webhooks.subscribe(appId, wanted);
  state.webhooks.listen(state);
  return json(201, showSubscription(subscription));
}

function updateBatch(request: EmulatorRequest, state: HubspotState, appId: number): Reply {
  const at = new Date(state.clock.now()).toISOString();
  const results = readInputs(request, readObject(request)).map((input) => {
    const id = readText(request, input, 'id') ?? '';
    return showSubscription(activate(state, appId, id, readFlag(request, input, 'active')));
  });
  return json(200, { status: 'COMPLETE', results, startedAt: at, completedAt: at });
}

function activate(state: HubspotState, appId: number, id: string, active: boolean | undefined): Subscription {
  const before = getSubscription(state, appId, id);
  const after = { ...before, active: active ?? before.active, updatedAt: state.clock.now() };
  state.webhooks.of(appId).subscriptions.set(after.id, after);
  return after;
}

function getSubscription(state: HubspotState, appId: number, id: string): Subscription {
  const found = state.webhooks.of(appId).subscriptions.get(Number(id));
  if (found === undefined) throw notFound();
  return found;
}
