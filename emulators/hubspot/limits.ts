import type { Reply, RollingWindow } from '../core/index.ts';
import { errorReply } from './errors.ts';
import { OAUTH_BURST } from './plans.ts';
import type { Portal } from './portal.ts';
import { burstOf } from './state.ts';
import type { HubspotState } from './state.ts';
import type { Switches } from './switches.ts';
import type { Token } from './token.ts';

/** `own`: the route has limits of its own and counts by itself. */
export type CallKind = 'ordinary' | 'search' | 'associations' | 'own';
type Policy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

const MESSAGES: Readonly<Record<Policy, string>> = {
  TEN_SECONDLY_ROLLING: 'You have reached your ten_secondly_rolling limit.',
  SECONDLY: 'You have reached your secondly limit.',
  DAILY: 'You have reached your daily limit.',
};

const DAY_MS = 86_400_000;
const TEN = 10;

/** What one kind of calls uses up. */
interface Bucket {
  readonly window: RollingWindow;
  readonly max: number;
  readonly policy: Exclude<Policy, 'DAILY'>;
  readonly day: 'calls' | 'associationCalls';
  readonly daily: number;
}

function bucketOf(state: HubspotState, portal: Portal, token: Token, kind: Exclude<CallKind, 'own'>): Bucket {
  const { daily, searchesPerSecond, associationBurst, associationDaily } = portal.limits;
  switch (kind) {
    case 'ordinary':
      return {
        window: burstOf(state, token),
        max: burstMax(portal, token),
        policy: 'TEN_SECONDLY_ROLLING',
        day: 'calls',
        daily,
      };
    case 'search':
      return {
        window: portal.searches,
        max: searchesPerSecond,
        policy: 'SECONDLY',
        day: 'calls',
        daily,
      };
    case 'associations':
      return {
        window: burstOf(state, token, 'associations'),
        max: associationBurst,
        policy: 'TEN_SECONDLY_ROLLING',
        day: 'associationCalls',
        daily: associationDaily,
      };
  }
}

/** Counts a call against the limits of its app and account, or refuses it with 429. */
export function admit(state: HubspotState, portal: Portal, token: Token, kind: CallKind): Reply | undefined {
  if (kind === 'own') return undefined;
  const now = state.clock.now();
  const { window, max, policy, day, daily } = bucketOf(state, portal, token, kind);
  startDay(portal, now);
  const refused: Policy | undefined =
    token.kind === 'private' && portal.usage[day] >= daily
      ? 'DAILY'
      : window.count(now) >= max
        ? policy
        : undefined;
  if (refused !== undefined && portal.limits.isEnforced) {
    if (state.switches.refusedCallsCount) window.add(now);
    return tooMany(refused, token, state.switches);
  }
  window.add(now);
  // OAuth apps have no daily limit and do not use up that of the private apps.
  if (token.kind === 'private') portal.usage[day] += 1;
  return undefined;
}

/** The headers of every answer to a call that is no search. Searches carry none (recorded). */
export function limitHeaders(
  state: HubspotState,
  portal: Portal,
  token: Token,
  kind: Exclude<CallKind, 'own'>,
): Record<string, string> {
  const now = state.clock.now();
  const { window, max, day, daily } = bucketOf(state, portal, token, kind);
  const secondly = Math.floor(max / TEN);
  return {
    'x-hubspot-ratelimit-interval-milliseconds': '10000',
    'x-hubspot-ratelimit-max': String(max),
    'x-hubspot-ratelimit-remaining': String(Math.max(0, max - window.count(now))),
    // Deprecated and not enforced, but still sent.
    'x-hubspot-ratelimit-secondly': String(secondly),
    'x-hubspot-ratelimit-secondly-remaining': String(Math.max(0, secondly - 1)),
    ...(token.kind === 'private'
      ? {
          'x-hubspot-ratelimit-daily': String(daily),
          'x-hubspot-ratelimit-daily-remaining': String(Math.max(0, daily - portal.usage[day])),
        }
      : {}),
  };
}

function burstMax(portal: Portal, token: Token): number {
  return token.kind === 'oauth' ? (portal.limitChanges.burst ?? OAUTH_BURST) : portal.limits.burst;
}

function tooMany(policy: Policy, token: Token, switches: Switches): Reply {
  const message = MESSAGES[policy];
  if (switches.rateLimitBody === 'category') return errorReply(429, { message, category: 'RATE_LIMITS' });
  return errorReply(429, {
    message,
    errorType: 'RATE_LIMIT',
    policyName: policy,
    groupName: `publicapi:${token.kind === 'oauth' ? 'oauth' : 'private-apps'}:calls:${token.portalId}:${token.appId}`,
  });
}

/** The account's day ends at midnight where the account is. */
export function startDay(portal: Portal, now: number): void {
  const { usage } = portal;
  // A clock moved back by more than a day starts a day of its own.
  if (now < usage.resetsAt && now >= usage.resetsAt - DAY_MS) return;
  portal.usage = { calls: 0, associationCalls: 0, resetsAt: now + DAY_MS - msIntoDay(now, portal.timeZone) };
}

/** Off by an hour on the two days a year that have 23 or 25 hours; no limit is that precise. */
function msIntoDay(now: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hour12: false,
  })
    .formatToParts(now)
    .map(({ type, value }) => [type, Number(value)] as const);
  const { hour = 0, minute = 0, second = 0 } = Object.fromEntries(parts);
  return ((hour * 60 + minute) * 60 + second) * 1_000 + (now % 1_000);
}
