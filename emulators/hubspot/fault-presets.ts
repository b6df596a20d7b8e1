import type { EmulatorRequest, Fault, Reply } from '../core/index.ts';
import { cloudflarePage, errorReply } from './errors.ts';

type Preset = (fault: Fault, request: EmulatorRequest) => Reply;

const page =
  (status: number, title: string): Preset =>
  () =>
    cloudflarePage(status, title);

const limit =
  (policyName: string, message: string): Preset =>
  () =>
    errorReply(429, {
      message,
      errorType: 'RATE_LIMIT',
      policyName,
      groupName: 'publicapi:private-apps:calls',
    });

/** HubSpot's ways to fail that no request provokes, from its list of statuses (developers.hubspot.com, 2026-04). */
export const FAULT_PRESETS: Readonly<Record<string, Preset>> = {
  /** A record being written by a long call; the guide says to wait two seconds. */
  locked: () => errorReply(423, { message: 'Locked' }),
  /** The account moves to another data centre; Retry-After is up to 24 hours. */
  migrating: (fault) =>
    errorReply(
      477,
      { message: 'Migration in progress' },
      { 'retry-after': fault.headers?.['retry-after'] ?? '60' },
    ),
  internal_error: () => errorReply(500, { message: 'internal error' }),
  bad_gateway: page(502, 'Bad gateway'),
  unavailable: () => errorReply(503, { message: 'Service Unavailable' }),
  gateway_timeout: page(504, 'Gateway time-out'),
  origin_down: page(521, 'Web server is down'),
  timeout: page(524, 'A timeout occurred'),
  burst_limit: limit('TEN_SECONDLY_ROLLING', 'You have reached your ten_secondly_rolling limit.'),
  search_limit: limit('SECONDLY', 'You have reached your secondly limit.'),
  daily_limit: limit('DAILY', 'You have reached your daily limit.'),
  /** The newer body, which names no policy. */
  rate_limits: () =>
    errorReply(429, { message: 'You have reached your rate limit.', category: 'RATE_LIMITS' }),
};
