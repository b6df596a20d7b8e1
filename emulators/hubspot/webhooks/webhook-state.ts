/** Webhooks that HubSpot sends: who subscribed to what, and what waits to be sent to whom. */
import type { EmulatorContext } from '../../core/index.ts';
import type { Occurrence } from '../events/event-store.ts';
import type { Change } from '../objects/change-feed.ts';
import type { App } from '../oauth/app.ts';
import type { OAuthState } from '../oauth/oauth-state.ts';
import type { Portal } from '../portal.ts';
import type { Later } from '../later.ts';
import type { Switches } from '../switches.ts';
import type { Token } from '../token.ts';
import { completionNotice, noticesOf } from './notices.ts';
import type { Notice } from './notices.ts';
import { signatureHeaders } from './signatures.ts';
import type { Subscription, WebhookSettings } from './subscription.ts';

// "at most 100 events per request" and ten requests at a time per account (webhooks guide, 2026-04).
const BATCH_MAX = 100;
export const CONCURRENCY_DEFAULT = 10;

const FIRST_SUBSCRIPTION_ID = 3_300_001;
const FIRST_EVENT_ID = 3_400_000_001;

interface AppWebhooks {
  settings: WebhookSettings | undefined;
  readonly subscriptions: Map<number, Subscription>;
}

/** Whoever hears of changes besides webhooks: the journal. */
interface ChangeListener {
  noteChange(portal: Portal, change: Change): void;
  noteEvent(portal: Portal, occurrence: Occurrence): void;
  readonly isListening: boolean;
}

/** What webhooks go by in the emulator that they belong to. */
interface Surroundings {
  readonly portals: ReadonlyMap<number, Portal>;
  readonly tokens: ReadonlyMap<string, Token>;
  readonly oauth: OAuthState;
  readonly journal: ChangeListener;
  readonly later: Later;
  readonly switches: Switches;
}

export class WebhookState {
  readonly #context: EmulatorContext;
  readonly #byApp = new Map<number, AppWebhooks>();
  readonly #pending = new Map<string, { readonly app: App; readonly portal: Portal; notices: Notice[] }>();
  readonly #heard = new WeakSet<Portal>();
  #nextSubscriptionId = FIRST_SUBSCRIPTION_ID;
  #nextEventId = FIRST_EVENT_ID;

  constructor(context: EmulatorContext) {
    this.#context = context;
  }

  of(appId: number): AppWebhooks {
    const known = this.#byApp.get(appId);
    if (known !== undefined) return known;
    const made: AppWebhooks = { settings: undefined, subscriptions: new Map() };
    this.#byApp.set(appId, made);
    return made;
  }

  subscribe(appId: number, wanted: Omit<Subscription, 'id'>): Subscription {
    const subscription = { id: this.#nextSubscriptionId++, ...wanted };
    this.of(appId).subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  /** Hears of changes in every portal, from the first subscription on: a portal that nobody asks about keeps quiet. */
  listen(state: Surroundings): void {
    const isWanted =
      state.journal.isListening ||
      [...this.#byApp.values()].some(({ subscriptions }) => subscriptions.size > 0);
    if (!isWanted) return;
    for (const portal of state.portals.values()) {
      if (this.#heard.has(portal)) continue;
      this.#heard.add(portal);
      portal.changes.on((change) => {
        state.journal.noteChange(portal, change);
        this.#tell(state, portal, (subscription) => noticesOf(portal, change, subscription, state.switches));
      });
    }
  }

  noteEvent(state: Surroundings, portal: Portal, occurrence: Occurrence): void {
    state.journal.noteEvent(portal, occurrence);
    this.#tell(state, portal, (subscription) =>
      completionNotice(portal, occurrence, subscription, state.switches),
    );
  }

  /** Only apps that are in the account hear of it. */
  #tell(state: Surroundings, portal: Portal, notices: (subscription: Subscription) => Notice[]): void {
    for (const [appId, { settings, subscriptions }] of this.#byApp) {
      const app = state.oauth.appById(appId);
      if (app === undefined || settings === undefined || !isInstalled(state, appId, portal.id)) continue;
      const wanted = [...subscriptions.values()].flatMap(notices);
      if (wanted.length > 0) this.#add(state, app, portal, wanted);
    }
  }

  #add(state: Surroundings, app: App, portal: Portal, notices: readonly Notice[]): void {
    const key = `${app.appId}:${portal.id}`;
    const pending = this.#pending.get(key) ?? { app, portal, notices: [] };
    const isFirst = pending.notices.length === 0;
    this.#pending.set(key, pending);
    pending.notices.push(
      ...notices.map((notice) => ({ eventId: this.#nextEventId++, ...notice, appId: app.appId })),
    );
    if (isFirst) {
      state.later.at(this.#context.clock.now() + state.switches.webhookBatchMs, () =>
        this.#flush(state, key),
      );
    }
  }

  #flush(state: Surroundings, key: string): void {
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    const settings = pending === undefined ? undefined : this.of(pending.app.appId).settings;
    // The app took its address away in the meantime.
    if (pending === undefined || settings === undefined) return;
    const notices = arrange(pending.notices, state.switches);
    for (let from = 0; from < notices.length; from += BATCH_MAX) {
      const batch = notices.slice(from, from + BATCH_MAX);
      for (let copy = 0; copy < (state.switches.webhookDuplicates ? 2 : 1); copy++) {
        this.#deliver(pending.app, settings, batch, key, state.switches);
      }
    }
  }

  #deliver(
    app: App,
    settings: WebhookSettings,
    batch: readonly Notice[],
    lane: string,
    switches: Switches,
  ): void {
    this.#context.webhooks.deliver({
      url: settings.targetUrl,
      // Counted from 0, inside the body, as recorded.
      body: (attempt) => JSON.stringify(batch.map((notice) => ({ ...notice, attemptNumber: attempt - 1 }))),
      lane: { key: lane, concurrencyMax: settings.concurrencyMax },
      sign: (message) =>
        signatureHeaders({ ...message, secret: app.clientSecret }, switches.webhookSignature),
    });
  }
}

function isInstalled(state: Surroundings, appId: number, portalId: number): boolean {
  return (
    state.oauth.isInstalled(appId, portalId) ||
    [...state.tokens.values()].some(
      (token) => token.appId === appId && token.portalId === portalId && !token.isRevoked,
    )
  );
}

function arrange(notices: readonly Notice[], switches: Switches): readonly Notice[] {
  const kept = switches.webhookCollapse ? collapse(notices) : notices;
  return switches.webhookOrder === 'reversed' ? kept.toReversed() : kept;
}

/** Of several changes of one property within a batch only the last is told. */
function collapse(notices: readonly Notice[]): Notice[] {
  const last = new Map<string, Notice>();
  for (const notice of notices) {
    const { subscriptionId, objectId, propertyName, eventId } = notice;
    const key = propertyName === undefined ? [eventId] : [subscriptionId, objectId, propertyName];
    last.set(JSON.stringify(key), notice);
  }
  return [...last.values()];
}
