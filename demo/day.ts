/** Plays the day: the readers' lives, the visitors' calls, and what goes wrong at HubSpot and Sesamy. */
import { Analytics } from '@segment/analytics-node';
import type { Act } from './lives.ts';
import { CHAPTERS_MAX, KNOWN_BEFORE, personAt, playChapter } from './lives.ts';
import { callAsVisitor } from './visitors.ts';

export interface DayOptions {
  readonly subscriberCount: number;
  readonly visitorCount: number;
  readonly linchpinUrl: string;
  readonly hubspotUrl: string;
  readonly sesamyUrl: string;
  readonly writeKey: string;
  /** Says what happens next. */
  readonly tell: (line: string) => void;
}

/** How long HubSpot is away: long enough to be an outage, short enough for a demo. */
const OUTAGE_MS = 3_000;

// People act at the same time, but not all of them: this many in parallel look like a busy morning.
const PEOPLE_AT_ONCE = 8;

export async function playDay(options: DayOptions): Promise<void> {
  const { subscriberCount, visitorCount, hubspotUrl, sesamyUrl, tell } = options;
  const act: Act = (verb, body) => postJson(`${sesamyUrl}/_emulator/actions/${verb}`, body);
  const contracts = Array.from({ length: subscriberCount }, (): string[] => []);

  tell(`${String(subscriberCount)} readers register`);
  await eachPerson(subscriberCount, async (index) => {
    const { userId, email, firstName, lastName, phone } = personAt(index);
    const phoneNow = changesPhone(index) ? {} : { mobilePhone: phone };
    await act('create-user', {
      userId,
      firstName,
      lastName,
      ...phoneNow,
      ...(email === null ? {} : { email }),
    });
  });
  for (let chapter = 0; chapter < CHAPTERS_MAX; chapter += 1) {
    if (chapter === 0) await failOnce(hubspotUrl, tell);
    if (chapter === 1) await goDown(hubspotUrl, tell);
    tell(
      ['They buy', 'They renew, cancel, miss payments, buy more', 'Some let a subscription expire'][
        chapter
      ] ?? 'More happens',
    );
    const playing = eachPerson(subscriberCount, (index) =>
      playChapter(index, chapter, act, contracts[index] ?? []),
    );
    if (chapter === 0) await visit(options, visitorCount);
    await playing;
  }
}

/** Contacts that stand in HubSpot before the day begins. */
export function contactsBefore(): readonly Readonly<Record<string, string>>[] {
  const { email } = personAt(KNOWN_BEFORE.index);
  return email === null ? [] : [{ email, firstname: KNOWN_BEFORE.firstname }];
}

function changesPhone(index: number): boolean {
  return index % 10 === 9;
}

async function visit({ linchpinUrl, writeKey, tell }: DayOptions, visitorCount: number): Promise<void> {
  tell(`${String(visitorCount)} visitors of the site are identified, by the real @segment/analytics-node`);
  const analytics = new Analytics({ writeKey, host: linchpinUrl, path: '/v1/batch', flushAt: 50 });
  for (let index = 0; index < visitorCount; index += 1) callAsVisitor(analytics, index);
  await analytics.closeAndFlush();
}

async function failOnce(hubspotUrl: string, tell: (line: string) => void): Promise<void> {
  tell('HubSpot answers a call with 429: somebody else has used the limit up');
  await postJson(`${hubspotUrl}/_emulator/faults`, {
    path: '/crm/objects/*/contacts/batch/*',
    times: 1,
    status: 429,
    body: {
      status: 'error',
      message: 'You have reached your secondly limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'SECONDLY',
    },
  });
}

async function goDown(hubspotUrl: string, tell: (line: string) => void): Promise<void> {
  tell(`HubSpot goes down for ${String(OUTAGE_MS / 1000)} seconds`);
  await postJson(`${hubspotUrl}/_emulator/faults`, { path: '/crm/*', forMs: OUTAGE_MS, unavailable: true });
}

async function eachPerson(count: number, live: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lives = Array.from({ length: PEOPLE_AT_ONCE }, async () => {
    for (let index = next++; index < count; index = next++) await live(index);
  });
  await Promise.all(lives);
}

async function postJson(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}: ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
