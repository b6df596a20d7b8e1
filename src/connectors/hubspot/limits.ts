import type { Call, CallResponse, Limit } from '../../kit/index.ts';
import type { Plan, Settings } from './settings.ts';

const SOURCE = 'https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines';

interface Allowance {
  readonly per10s: number;
  /** `null` where HubSpot counts no days. */
  readonly daily: number | null;
}

// Of the usage guidelines, read 2026-11. An older changelog gives professional 650,000 a day; the smaller holds.
const ALLOWANCES: Readonly<Record<Plan, Allowance>> = {
  free: { per10s: 100, daily: 250_000 },
  starter: { per10s: 100, daily: 250_000 },
  professional: { per10s: 190, daily: 625_000 },
  enterprise: { per10s: 190, daily: 1_000_000 },
  oauth: { per10s: 110, daily: null },
};

// One API Limit Increase; a second one adds to the day only and is noticed by the headers.
const ADD_ON = { per10s: 250, daily: 1_000_000 };

const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;

export function limitsOf({ plan, add_on }: Pick<Settings, 'plan' | 'add_on'>): readonly Limit[] {
  const { per10s, daily } = ALLOWANCES[plan];
  // The increase is sold to accounts; a marketplace app keeps its own allowance.
  const hasAddOn = add_on && plan !== 'oauth';
  const burst: Limit = {
    name: 'burst',
    calls: hasAddOn ? ADD_ON.per10s : per10s,
    perMs: TEN_SECONDS_MS,
    appliesTo: (call) => !isSearch(call),
    read: ({ headers }) =>
      reading(headers['x-hubspot-ratelimit-max'], headers['x-hubspot-ratelimit-remaining']),
    source: SOURCE,
  };
  const search: Limit = {
    name: 'search',
    calls: 5,
    perMs: 1000,
    appliesTo: isSearch,
    source: 'https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm#rate-limits',
  };
  if (daily === null) return [burst, search];
  const day: Limit = {
    name: 'daily',
    calls: hasAddOn ? daily + ADD_ON.daily : daily,
    perMs: DAY_MS,
    appliesTo: () => true,
    read: ({ headers }) =>
      reading(headers['x-hubspot-ratelimit-daily'], headers['x-hubspot-ratelimit-daily-remaining']),
    source: SOURCE,
  };
  return [burst, search, day];
}

// Searches have a bucket of their own and answer without the headers of the other one.
function isSearch(call: Call): boolean {
  return call.path.endsWith('/search');
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
