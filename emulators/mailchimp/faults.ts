import type { Fault, Reply } from '../core/index.ts';
import { invalid, problem } from './problem.ts';

const EMAIL = 'reader@daily.se';

/** Refusals that depend on nothing in the state, by the names that fault scripts give them. */
export const FAULTS: Readonly<Record<string, (fault: Fault) => Reply>> = {
  // Seen from accounts that send in bursts: no body at all.
  bursting: () => ({ status: 403 }),
  blocked: () => ({
    status: 503,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>Request Blocked</title></head><body>Request Blocked</body></html>',
  }),
  'too-many-connections': () =>
    problem(429, 'Too Many Requests', 'You have exceeded the limit of 10 simultaneous connections.'),
  'key-invalid': () =>
    problem(
      401,
      'API Key Invalid',
      "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
    ),
  'user-disabled': () => problem(403, 'User Disabled', 'This account has been deactivated.'),
  'wrong-datacenter': () =>
    problem(403, 'WrongDatacenter', "The API key provided is linked to a different datacenter, 'us9'."),
  'compliance-related': () => problem(503, 'ComplianceRelated', 'This method has been disabled.'),
  'internal-error': () =>
    problem(
      500,
      'InternalServerError',
      'An unexpected internal error has occurred. Please contact Support for more information.',
      undefined,
      'about:blank',
    ),
  'many-sign-ups': () =>
    invalid(
      `${EMAIL} has signed up to a lot of lists very recently; we're not allowing more signups for now.`,
    ),
};
