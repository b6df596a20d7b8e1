/**
 * Several clients of one connection, as so many workers have them, calling HubSpot's emulator as fast as its limits
 * let them, with or without another client of the same account.
 */
import { request } from 'undici';
import { DEFAULT_TOKEN, startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { Redacted } from '../../src/kernel/redacted.ts';
import type { Call } from '../../src/kit/index.ts';
import { ConnectionClient } from '../../src/outbound/index.ts';
import type { LimitStore } from '../../src/outbound/index.ts';

export interface RateRun {
  /** Of all: the clients, the emulator, and whoever calls beside them. */
  readonly clock: Clock;
  /** Lets time pass: real time, or that of `clock`. */
  readonly pass: (ms: number) => Promise<void>;
  /** Makes each client's way to the limits that they share. */
  readonly makeStore: () => LimitStore;
  readonly workerCount: number;
  /** The part of the limit that another client of the account takes, from 0 to 1. */
  readonly foreignShare?: number;
  /** Windows of ten seconds that are measured, after a first one that is not. */
  readonly windows: number;
}

export interface RateResult {
  /** Calls of all clients that the vendor took, as a part of the plan. */
  readonly usedShare: number;
  /** The same of our calls alone. */
  readonly ourShare: number;
  /** Answers 429 to our calls, and to those of the other client, the first window included. */
  readonly refused: number;
  readonly foreignRefused: number;
}

// The burst limit of HubSpot's professional plan.
const CALLS = 190;
const WINDOW_MS = 10_000;

// What HubSpot's connector allows itself for all of its workers; here each of them has as many under way.
const CONCURRENT = 6;

const CALL: Call = {
  kind: 'call',
  method: 'GET',
  path: '/crm/v3/objects/contacts',
  query: { limit: '1' },
};

export async function runAtFullRate(run: RateRun): Promise<RateResult> {
  const { clock, pass, workerCount, foreignShare = 0, windows } = run;
  const emulator = await startHubspotEmulator({ clock });
  emulator.admin.setLimits({ plan: 'professional' });
  const clients = Array.from({ length: workerCount }, () => makeClient(run, emulator.url));
  const stop = new AbortController();
  const taken: { readonly atMs: number; readonly isOurs: boolean }[] = [];
  const refused = { ours: 0, foreign: 0 };

  const keepCalling = async (client: ConnectionClient): Promise<void> => {
    while (!stop.signal.aborted) {
      const sent = await client.send(CALL, stop.signal);
      if (sent?.kind === 'response') taken.push({ atMs: clock.now(), isOurs: true });
      else if (sent !== undefined) refused.ours += 1;
    }
  };
  const callAsOther = async (): Promise<void> => {
    const authorization = `Bearer ${DEFAULT_TOKEN}`;
    const { statusCode, body } = await request(`${emulator.url}${CALL.path}?limit=1`, {
      headers: { authorization },
    });
    await body.dump();
    if (statusCode === 200) taken.push({ atMs: clock.now(), isOurs: false });
    else refused.foreign += 1;
  };
  const keepCallingAsOther = async (): Promise<void> => {
    const calls: Promise<void>[] = [];
    let atMs = clock.now();
    while (!stop.signal.aborted) {
      calls.push(callAsOther());
      atMs += WINDOW_MS / (CALLS * foreignShare);
      await clock.sleep(atMs - clock.now(), stop.signal);
    }
    await Promise.all(calls);
  };

  const lines: Promise<void>[] = [];
  if (foreignShare > 0) {
    // The other client is there already when ours begin.
    lines.push(keepCallingAsOther());
    await pass(WINDOW_MS);
  }
  for (const client of clients) for (let n = 0; n < CONCURRENT; n += 1) lines.push(keepCalling(client));
  await pass(WINDOW_MS);
  const fromMs = clock.now();
  await pass(WINDOW_MS * windows);
  const toMs = clock.now();
  stop.abort();
  await Promise.all(lines);
  await Promise.all(clients.map((client) => client.close()));
  await emulator.close();
  const measured = taken.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const plan = (CALLS * (toMs - fromMs)) / WINDOW_MS;
  return {
    usedShare: measured.length / plan,
    ourShare: measured.filter(({ isOurs }) => isOurs).length / plan,
    refused: refused.ours,
    foreignRefused: refused.foreign,
  };
}

function makeClient({ clock, makeStore }: RateRun, url: string): ConnectionClient {
  const settings = hubspot.settings.parse({ access_token: 'x', base_url: url, plan: 'professional' });
  return new ConnectionClient({
    connector: hubspot,
    settings: { ...settings, access_token: new Redacted(DEFAULT_TOKEN) },
    clock,
    privateAddresses: true,
    limits: makeStore(),
  });
}
