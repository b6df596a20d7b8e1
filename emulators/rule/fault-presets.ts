import { json } from '../core/index.ts';
import type { EmulatorRequest, Fault, Reply } from '../core/index.ts';
import { problem, versionOf } from './problems.ts';
import { stockholm } from './stockholm.ts';
import { DEFAULT_LIMITS } from './usage.ts';

type Preset = (fault: Fault, request: EmulatorRequest) => Reply;

const says =
  (status: number, error: string, message: string): Preset =>
  (_fault, request) =>
    problem(versionOf(request), status, error, message);

/** Rule's ways to fail, by name. */
export const FAULT_PRESETS: Readonly<Record<string, Preset>> = {
  /** The key is blocked for ten minutes, in the local time of Stockholm. */
  blocked: (_fault, request) =>
    json(
      429,
      { error: 'TooManyRequests', message: 'Too many requests.' },
      {
        'retry-after': stockholm(request.at + DEFAULT_LIMITS.windowMs),
        'x-errorpercent-limit': String(DEFAULT_LIMITS.errorPercent),
        'x-errorpercent-current': String(DEFAULT_LIMITS.errorPercent + 1),
      },
    ),
  conflict: says(409, 'DuplicateSubscriber', 'The subscriber exists already.'),
  unexpected_error: says(500, 'UnexpectedError', 'An unexpected error occurred.'),
};
