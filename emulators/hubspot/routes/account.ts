import { json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { guard } from '../guard.ts';
import type { Call } from '../guard.ts';
import { startDay } from '../limits.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';

// The usage report is documented to be cached for five minutes.
const REPORT_AGE_MAX_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/** The account itself: who it is, and what its apps have used up today. */
export function accountRoutes(version: Version): Route<HubspotState>[] {
  const base = pathOf(version, 'account-info');
  return [
    guard({ method: 'GET', path: `${base}/details`, scopes: ['oauth'], handle: details }),
    guard({ method: 'GET', path: `${base}/api-usage/daily/private-apps`, scopes: ['oauth'], handle: usage }),
  ];
}

function details({ portal, now }: Call): Reply {
  const offsetMs = offsetOf(now, portal.timeZone);
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return json(200, {
    portalId: portal.id,
    accountType: 'STANDARD',
    timeZone: portal.timeZone,
    companyCurrency: 'USD',
    additionalCurrencies: [],
    utcOffset: `${offsetMs < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`,
    utcOffsetMilliseconds: offsetMs,
    uiDomain: portal.uiDomain,
    dataHostingLocation: portal.hublet,
  });
}

function usage({ portal, now }: Call): Reply {
  startDay(portal, now);
  const last = portal.usageReport;
  const isFresh = last !== undefined && now >= last.at && now - last.at < REPORT_AGE_MAX_MS;
  const report = isFresh ? last : { at: now, calls: portal.usage.calls };
  portal.usageReport = report;
  return json(200, {
    results: [
      {
        name: 'private-apps-api-calls-daily',
        usageLimit: portal.limits.daily,
        currentUsage: report.calls,
        collectedAt: new Date(report.at).toISOString(),
        fetchStatus: 'SUCCESS',
        resetsAt: new Date(portal.usage.resetsAt).toISOString(),
      },
    ],
  });
}

/** How far the local time of a zone is from UTC, to the minute. */
function offsetOf(now: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hour12: false,
  }).formatToParts(now);
  const {
    year = 0,
    month = 1,
    day = 1,
    hour = 0,
    minute = 0,
  } = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)] as const));
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(now / MINUTE_MS) * MINUTE_MS;
}
