/**
 * What a call of Segment's costs from acceptance to HubSpot, in CPU time of Linchpin: identify calls that write new
 * contacts, and track calls that become custom events. Beside each the floor: the same records in batches prepared by
 * hand, by a program that does nothing else. Real processes, an Enterprise account.
 */
import { Agent, request } from 'undici';
import { contactCount, postJson } from '../support/emulator-client.ts';
import { HUBSPOT_TOKEN, startLinchpinAndHubspot } from './linchpin-and-hubspot.ts';
import { identifyCall, isQuick, medianOf, progress, report, rounded } from './measure.ts';

const EVENTS = isQuick() ? 4_000 : 20_000;
const ROUNDS = 3;
const ACCEPTED_TOGETHER = 100;
// The caps of HubSpot's batches: contacts and custom events (developers.hubspot.com, read 2026-11).
const CONTACTS_TOGETHER = 100;
const OCCURRENCES_TOGETHER = 500;
const PORTAL_ID = 1_000_001;
const EVENT = 'order_completed';

const HUBSPOT_HEADERS = { authorization: `Bearer ${HUBSPOT_TOKEN}`, 'content-type': 'application/json' };

const { linchpin, hubspot, acceptBatch, caughtUp, stop } = await startLinchpinAndHubspot({
  plan: 'enterprise',
  flows: ['identify', 'track'].map((preset) => `{ preset: hubspot/${preset}, from: site, to: hubspot }`),
  prepare: async (url) => {
    await postJson(`${url}/_emulator/seed`, { portals: [{ portalId: PORTAL_ID, plan: 'enterprise' }] });
    // The floor knows no limits. Linchpin keeps to those of the plan.
    await postJson(`${url}/_emulator/limits`, { burst: 100_000, daily: 10_000_000 });
  },
});
const agent = new Agent();

interface Sample {
  readonly identifyUs: number;
  readonly identifyFloorUs: number;
  readonly trackUs: number;
  readonly trackFloorUs: number;
}

try {
  const samples: Sample[] = [];
  // The first round compiles, fills caches and defines the event; it does not count.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const sample = await measure(`r${String(round)}`);
    progress(`round ${String(round)}: ${JSON.stringify(sample)}`);
    if (round > 0) samples.push(sample);
  }
  const identifyUs = medianOf(samples, (sample) => sample.identifyUs);
  const identifyFloorUs = medianOf(samples, (sample) => sample.identifyFloorUs);
  const trackUs = medianOf(samples, (sample) => sample.trackUs);
  const trackFloorUs = medianOf(samples, (sample) => sample.trackFloorUs);
  report(
    'Cost: acceptance to HubSpot, CPU per call',
    {
      identify_cpu_us: rounded(identifyUs, 1),
      identify_floor_cpu_us: rounded(identifyFloorUs, 1),
      identify_to_floor: rounded(identifyUs / identifyFloorUs, 1),
      track_cpu_us: rounded(trackUs, 1),
      track_floor_cpu_us: rounded(trackFloorUs, 1),
      track_to_floor: rounded(trackUs / trackFloorUs, 1),
    },
    [
      `${String(EVENTS)} calls of each kind in batches of ${String(ACCEPTED_TOGETHER)}, median of ${String(ROUNDS)} rounds. CPU of the Linchpin process alone (PostgreSQL and the emulator are others): reading HTTP, checking, appending, mapping, sending, recording.`,
      `The floor makes the same records' JSON, sends batches of ${String(CONTACTS_TOGETHER)} contacts and ${String(OCCURRENCES_TOGETHER)} events, and reads the answers.`,
    ],
  );
} finally {
  await agent.close();
  await stop();
}

async function measure(run: string): Promise<Sample> {
  const people = await contactCount(hubspot.url);
  const identifyUs = await linchpinCpuUs((person) => identifyCall(person, run));
  if ((await contactCount(hubspot.url)) !== people + EVENTS)
    throw new Error('Contacts are missing in HubSpot.');
  const trackUs = await linchpinCpuUs((person) => trackCall(person, run));
  const identifyFloorUs = await ownCpuUs(
    CONTACTS_TOGETHER,
    '/crm/v3/objects/contacts/batch/upsert',
    (person) => contactByHand(person, `${run}-floor`),
  );
  const trackFloorUs = await ownCpuUs(OCCURRENCES_TOGETHER, '/events/v3/send/batch', (person) =>
    occurrenceByHand(person, run),
  );
  return { identifyUs, identifyFloorUs, trackUs, trackFloorUs };
}

async function linchpinCpuUs(makeCall: (person: number) => object): Promise<number> {
  const before = linchpin.cpuSeconds();
  for (let first = 0; first < EVENTS; first += ACCEPTED_TOGETHER) {
    await acceptBatch(Array.from({ length: ACCEPTED_TOGETHER }, (_none, index) => makeCall(first + index)));
  }
  await caughtUp();
  return ((linchpin.cpuSeconds() - before) * 1_000_000) / EVENTS;
}

async function ownCpuUs(
  together: number,
  path: string,
  makeInput: (person: number) => object,
): Promise<number> {
  const before = process.cpuUsage();
  for (let first = 0; first < EVENTS; first += together) {
    const inputs = Array.from({ length: together }, (_none, index) => makeInput(first + index));
    await sendByHand(`${hubspot.url}${path}`, { inputs });
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / EVENTS;
}

async function sendByHand(url: string, body: object): Promise<void> {
  const answer = await request(url, {
    method: 'POST',
    headers: HUBSPOT_HEADERS,
    body: JSON.stringify(body),
    dispatcher: agent,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${url} answered ${String(answer.statusCode)}: ${text}`);
  if (text !== '') JSON.parse(text);
}

function trackCall(person: number, run: string): Record<string, unknown> {
  return {
    ...identifyCall(person, run),
    type: 'track',
    event: EVENT,
    messageId: `bench-track-${run}-${String(person)}`,
    traits: undefined,
    properties: {
      email: emailOf(person, run),
      order_id: `o-${String(person)}`,
      total: 129.5,
      currency: 'SEK',
    },
  };
}

function contactByHand(person: number, run: string): object {
  const id = emailOf(person, run);
  const properties = {
    email: id,
    firstname: 'Ada',
    lastname: `Lovelace ${String(person)}`,
    phone: '+46701234567',
    company: 'Analytical Engines Ltd',
    address: '12 St James Square',
    city: 'London',
    zip: 'SW1Y 4JH',
    country: 'United Kingdom',
    website: 'https://example.com/ada',
  };
  return { id, idProperty: 'email', properties };
}

function occurrenceByHand(person: number, run: string): object {
  return {
    eventName: `pe${String(PORTAL_ID)}_${EVENT}`,
    email: emailOf(person, run),
    occurredAt: new Date().toISOString(),
    uuid: `floor-${run}-${String(person)}`,
    properties: { order_id: `o-${String(person)}`, total: '129.5', currency: 'SEK' },
  };
}

function emailOf(person: number, run: string): string {
  return `person.${run}.${String(person)}@example.com`;
}
