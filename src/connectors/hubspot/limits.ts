import type { Call, CallResponse, Limit } from '../../kit/index.ts';
import type { Plan, Settings } from './settings.ts';

const SOURCE = 'https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines';
const FORMS_SOURCE =
  'https://developers.hubspot.com/docs/api-reference/legacy/marketing/forms/v3-legacy/submit-data-authenticated';

interface Allowance {
  readonly per10s: number;
  /** `null` where HubSpot counts no days. */
  readonly daily: number | null;
  /** Of associations, and of forms that are submitted with a token: both are counted on their own. */
  readonly asidePer10s: number;
  readonly associationsDaily: number | null;
}

// Of the usage guidelines, read 2026-11. An older changelog gives professional 650,000 a day; the smaller holds. The
// smaller plans have no figure for associations a day, and marketplace apps none at all: what is known stands in.
const ALLOWANCES: Readonly<Record<Plan, Allowance>> = {
  free: { per10s: 100, daily: 250_000, asidePer10s: 100, associationsDaily: 250_000 },
  starter: { per10s: 100, daily: 250_000, asidePer10s: 100, associationsDaily: 250_000 },
  professional: { per10s: 190, daily: 625_000, asidePer10s: 150, associationsDaily: 500_000 },
  enterprise: { per10s: 190, daily: 1_000_000, asidePer10s: 150, associationsDaily: 500_000 },
  oauth: { per10s: 110, daily: null, asidePer10s: 100, associationsDaily: null },
};

// One API Limit Increase; a second one adds to the day only and is noticed by the headers.
const ADD_ON = { per10s: 250, daily: 1_000_000, asidePer10s: 200, associationsDaily: 1_000_000 };

const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;

export function limitsOf(settings: Pick<Settings, 'plan' | 'add_on'>): readonly Limit[] {
  const { per10s, daily, asidePer10s, associationsDaily } = allowanceOf(settings);
  const burst: Limit = {
    name: 'burst',
    calls: per10s,
    perMs: TEN_SECONDS_MS,
    appliesTo: (call) => bucketOf(call) === 'ordinary',
    read: ({ headers }) =>
      reading(headers['x-hubspot-ratelimit-max'], headers['x-hubspot-ratelimit-remaining']),
    source: SOURCE,
  };
  const search: Limit = {
    name: 'search',
    calls: 5,
    perMs: 1000,
    appliesTo: (call) => bucketOf(call) === 'search',
    source: 'https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm#rate-limits',
  };
  const associations: Limit = {
    name: 'associations',
    calls: asidePer10s,
    perMs: TEN_SECONDS_MS,
    appliesTo: (call) => bucketOf(call) === 'associations',
    source: 'https://developers.hubspot.com/docs/api-reference/latest/crm/associations#limits',
  };
  const events: Limit = {
    name: 'events',
    calls: 1_250,
    perMs: 1000,
    appliesTo: (call) => bucketOf(call) === 'events',
    source: 'https://developers.hubspot.com/docs/api-reference/latest/events/custom-events#limits',
  };
  const forms: Limit = {
    name: 'forms',
    calls: asidePer10s,
    perMs: TEN_SECONDS_MS,
    appliesTo: (call) => bucketOf(call) === 'forms',
    // Figures of 2021, the last that were published.
    source: FORMS_SOURCE,
  };
  const windows = [burst, search, associations, events, forms];
  if (daily === null || associationsDaily === null) return windows;
  const day: Limit = {
    name: 'daily',
    calls: daily,
    perMs: DAY_MS,
    appliesTo: (call) => bucketOf(call) !== 'forms' && bucketOf(call) !== 'associations',
    read: ({ headers }) =>
      reading(headers['x-hubspot-ratelimit-daily'], headers['x-hubspot-ratelimit-daily-remaining']),
    source: SOURCE,
  };
  const associationsDay: Limit = {
    ...associations,
    name: 'associations-daily',
    calls: associationsDaily,
    perMs: DAY_MS,
  };
  return [...windows, day, associationsDay];
}

function allowanceOf({ plan, add_on }: Pick<Settings, 'plan' | 'add_on'>): Allowance {
  const own = ALLOWANCES[plan];
  // The increase is sold to accounts; a marketplace app keeps its own allowance.
  if (!add_on || plan === 'oauth') return own;
  return { ...ADD_ON, daily: (own.daily ?? 0) + ADD_ON.daily };
}

type Bucket = 'ordinary' | 'search' | 'associations' | 'events' | 'forms';

const ASSOCIATIONS = /^\/crm\/(v4\/associations|associations)\//;
const SEARCH = /^\/crm\/(v3\/)?objects\/.*\/search$/;
const SEND_EVENTS = /^\/events\/.*\/send(\/batch)?$/;

/** HubSpot counts some calls by themselves. Searches answer without the headers of the others. */
function bucketOf({ base, path }: Call): Bucket {
  if (base === 'forms') return 'forms';
  if (SEARCH.test(path)) return 'search';
  if (ASSOCIATIONS.test(path)) return 'associations';
  return SEND_EVENTS.test(path) ? 'events' : 'ordinary';
}

function reading(
  max: string | undefined,
  remaining: string | undefined,
): ReturnType<NonNullable<Limit['read']>> {
  const calls = wholeNumber(max);
  const left = wholeNumber(remaining);
  if (calls === undefined && left === undefined) return undefined;
  return { ...(calls === undefined ? {} : { calls }), ...(left === undefined ? {} : { remaining: left }) };
}

function wholeNumber(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header.trim()) ? Number(header) : undefined;
}

/** Calls in ten seconds that the settings expect. */
export function configuredBurst(settings: Pick<Settings, 'plan' | 'add_on'>): number {
  return allowanceOf(settings).per10s;
}

/** Calls in ten seconds that HubSpot says it allows. */
export function allowedBurst({ headers }: CallResponse): number | undefined {
  return wholeNumber(headers['x-hubspot-ratelimit-max']);
}

/** What the headers say is left, in words for `connectors test`. */
export function remainingCalls({ headers }: CallResponse): string | undefined {
  const daily = headers['x-hubspot-ratelimit-daily-remaining'];
  const burst = headers['x-hubspot-ratelimit-max'];
  const parts = [
    ...(burst === undefined ? [] : [`${burst} calls in 10 s`]),
    ...(daily === undefined ? [] : [`${daily} calls left today`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
