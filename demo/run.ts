/** The demo: starts everything, plays the day, waits until the last reader is done, and adds it all up. */
import { pino } from 'pino';
import { startHubspotEmulator } from '../emulators/hubspot/index.ts';
import { startEmulator } from '../emulators/core/index.ts';
import { sesamyEmulator } from '../emulators/sesamy/index.ts';
import type { WorkspaceDefinition } from '../src/flows/workspace.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { startLinchpin } from '../src/main.ts';
import { emptyStore, listProgress } from '../src/store/queries/summary.ts';
import { ensureWorkspace } from '../src/store/queries/workspaces.ts';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { contactsBefore, playDay } from './day.ts';
import { startEverywhere } from './everywhere.ts';
import type { Everywhere } from './everywhere.ts';
import { differences } from './expectation.ts';
import type { Contacts } from './expectation.ts';
import { DAILY, MAGAZINE, WEEKEND } from './lives.ts';
import { tally } from './tally.ts';
import type { Tally } from './tally.ts';
import { connectionTo } from './vendors.ts';

export interface DemoOptions {
  readonly dataDir: string;
  readonly subscriberCount: number;
  readonly visitorCount: number;
  readonly tell: (line: string) => void;
  /** Called while the readers catch up, with what is still open. */
  readonly onProgress: (behind: number, waiting: number) => void;
  /** Takes what must be called to end what has been started, last first. */
  readonly closers: (() => Promise<void>)[];
}

export interface DemoResult {
  readonly tally: Tally;
  readonly contactCount: number;
  readonly hubspotCalls: number;
  readonly differences: readonly string[];
  /** The one whom nine other vendors know as well. */
  readonly reader: string;
  /** What they hold of that reader. */
  readonly everywhere: readonly (readonly [vendor: string, what: string])[];
  readonly seconds: number;
  readonly linchpinUrl: string;
  readonly hubspotUrl: string;
}

const WRITE_KEY = 'wk_demo';
const TOKEN = 'whs_demo';
const WORKSPACE = 'demo';

export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { dataDir, subscriberCount, visitorCount, tell, closers } = options;
  const startedMs = systemClock.now();
  tell('Starting PostgreSQL, and emulators of a subscription platform, HubSpot and nine other vendors');
  await forgetLastTime(dataDir);
  const hubspot = await startHubspotEmulator();
  closers.push(() => hubspot.close());
  const sesamy = await startEmulator(sesamyEmulator);
  closers.push(() => sesamy.close());
  const everywhere = await startEverywhere();
  closers.push(() => everywhere.close());
  hubspot.admin.seed({
    portals: [{ portalId: 1_000_001, contacts: contactsBefore().map((properties) => ({ properties })) }],
  });
  const linchpin = await startLinchpin({
    definition: definitionOf(hubspot.url, sesamy.url, everywhere),
    dataDir,
    databaseUrl: undefined,
    masterKey: undefined,
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    retention: { events: 30, attempts: 30, rejected: 30 },
    logger: pino({ level: 'silent' }),
  });
  closers.push(async () => {
    await linchpin.close();
  });
  sesamy.admin.seed(sesamySeed(linchpin.url));
  tell(`Linchpin listens on ${linchpin.url}; HubSpot is played by ${hubspot.url}`);
  await playDay({
    ...options,
    linchpinUrl: linchpin.url,
    hubspotUrl: hubspot.url,
    sesamyUrl: sesamy.url,
    writeKey: WRITE_KEY,
  });
  tell('The day is over; the readers catch up');
  const store = await openStore({ dataDir, access: 'attach', log: pino({ level: 'silent' }) });
  try {
    const workspaceId = await settled(store, options.onProgress);
    const result = await tally(store.pool, workspaceId, 'hubspot');
    const contacts = contactsOf(hubspot.admin.state(new URLSearchParams({ limit: '1000000' })));
    return {
      tally: result,
      contactCount: contacts.size,
      hubspotCalls: hubspot.admin.countRequests({ path: '/crm/*' }),
      differences: differences(contacts, subscriberCount, visitorCount),
      reader: everywhere.reader,
      everywhere: await everywhere.tell(),
      seconds: (systemClock.now() - startedMs) / 1000,
      linchpinUrl: linchpin.url,
      hubspotUrl: hubspot.url,
    };
  } finally {
    await store.close();
  }
}

/** The folder belongs to the demo alone: each day begins with an empty log. */
async function forgetLastTime(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir, access: 'own', log: pino({ level: 'silent' }) });
  try {
    await emptyStore(store.pool);
  } finally {
    await store.close();
  }
}

// A demo that has not settled after this long is broken; the outage and its retries take some ten seconds.
const SETTLE_MS = 120_000;
const LOOK_EVERY_MS = 250;

/** Resolves when nothing is behind, parked or on its way, twice in a row; returns the workspace's id. */
async function settled(store: Store, onProgress: DemoOptions['onProgress']): Promise<number> {
  const workspaceId = await ensureWorkspace(store.pool, WORKSPACE);
  const deadlineMs = systemClock.now() + SETTLE_MS;
  for (let quiet = 0; quiet < 2;) {
    const progress = await listProgress(store.pool, workspaceId);
    const behind = progress.reduce((sum, reader) => sum + reader.behind, 0);
    const waiting = progress.reduce((sum, reader) => sum + reader.parked, 0);
    onProgress(behind, waiting);
    quiet = behind + waiting === 0 ? quiet + 1 : 0;
    if (systemClock.now() > deadlineMs) break;
    await systemClock.sleep(LOOK_EVERY_MS);
  }
  return workspaceId;
}

function definitionOf(
  hubspotUrl: string,
  sesamyUrl: string,
  everywhere: Pick<Everywhere, 'connections' | 'flows'>,
): WorkspaceDefinition {
  const sesamySecrets = { token: TOKEN, client_secret: 'secret' };
  // This platform is ours and on this machine: it need not be spared.
  const sesamySettings = { api_url: sesamyUrl, client_id: 'id', calls_per_second: 500 };
  return {
    name: WORKSPACE,
    sources: [
      {
        name: 'site',
        type: 'segment',
        settings: {},
        secrets: { write_key: WRITE_KEY },
        credential: WRITE_KEY,
      },
      { name: 'sesamy', type: 'sesamy', settings: sesamySettings, secrets: sesamySecrets, credential: TOKEN },
    ],
    connections: [connectionTo('hubspot', hubspotUrl), ...everywhere.connections],
    flows: [
      { name: 'subscribers', preset: 'hubspot/subscribers', from: 'sesamy', to: 'hubspot', options: {} },
      { name: 'identify', preset: 'hubspot/identify', from: 'site', to: 'hubspot', options: {} },
      ...everywhere.flows,
    ],
  };
}

function sesamySeed(linchpinUrl: string) {
  const product = (
    sku: string,
    title: string,
    option: string,
    optionTitle: string,
    interval: 'MONTH' | 'YEAR',
  ) => ({
    sku,
    title,
    productType: 'publication' as const,
    language: 'en',
    cover: 'https://cdn.example/cover.png',
    options: [{ id: option, title: optionTitle, price: 129, currency: 'SEK', interval }],
  });
  return {
    webhooks: [
      {
        url: `${linchpinUrl}/v1/subscriber-events`,
        headers: { authorization: `Bearer ${TOKEN}` },
        events: 'all' as const,
      },
    ],
    products: [
      product(DAILY.sku, 'Daily News', DAILY.option, 'Monthly', 'MONTH'),
      product(MAGAZINE.sku, 'Premium Magazine', MAGAZINE.option, 'Yearly', 'YEAR'),
      product(WEEKEND.sku, 'Weekend Edition', WEEKEND.option, 'Annual', 'YEAR'),
    ],
  };
}

function contactsOf(state: unknown): Contacts {
  const { portals } = state as {
    readonly portals: readonly {
      readonly contacts: readonly { readonly properties: Readonly<Record<string, string>> }[];
    }[];
  };
  return new Map(
    (portals[0]?.contacts ?? []).map(({ properties }) => [properties['email'] ?? '', properties]),
  );
}
