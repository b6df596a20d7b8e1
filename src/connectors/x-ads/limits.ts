import type { CallResponse, Limit, LimitReading } from '../../kit/index.ts';
import type { Settings } from './settings.ts';

/** "Conversion count limit is 500", as X words the refusal of more (2026-11). */
export const CONVERSIONS_MAX = 500;

const WINDOW_MS = 900_000;

/**
 * X's pages disagree: 60,000 events of an account in a quarter of an hour, 60,000 requests, or 100,000 requests. The
 * first is the tightest, so a call counts as the most events that it may carry: under load it carries that many.
 */
export function limitsOf({
  events_per_15_minutes,
}: Pick<Settings, 'events_per_15_minutes'>): readonly Limit[] {
  return [
    {
      name: 'conversions',
      calls: Math.floor(events_per_15_minutes / CONVERSIONS_MAX),
      perMs: WINDOW_MS,
      appliesTo: () => true,
      read: readHeaders,
      source:
        'https://docs.x.com/x-ads-api/measurement/web-conversions and …/fundamentals/rate-limiting, read 2026-11',
    },
  ];
}

/** In full calls, too: whether the headers count events or requests, no more are used than they allow. */
function readHeaders({ headers }: CallResponse): LimitReading | undefined {
  const calls = fullCalls(headers['x-account-rate-limit-limit'] ?? headers['x-rate-limit-limit']);
  const remaining = fullCalls(headers['x-account-rate-limit-remaining'] ?? headers['x-rate-limit-remaining']);
  if (calls === undefined || remaining === undefined) return undefined;
  return { calls: Math.max(1, calls), remaining };
}

function fullCalls(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d+$/.test(header.trim())) return undefined;
  return Math.floor(Number(header) / CONVERSIONS_MAX);
}
