import type { ErrorCatalogue } from './error-entry.ts';

/** Requests to the management API. */
export const API_ERRORS = {
  'api.request_invalid': {
    status: 400,
    title: 'The request is not what this address takes',
    remedy: 'Mend the field that the message names; /api/openapi.json describes every request.',
  },
  'api.token_missing': {
    status: 401,
    title: 'The management API needs a token',
    remedy: 'Send it as Authorization: Bearer <token>; linchpin up prints where it is kept.',
  },
  'api.token_unknown': {
    status: 401,
    title: 'This is not the token of the management API',
    remedy: 'Use the one in LINCHPIN_API_TOKEN, or in the file that linchpin up names.',
  },
  'api.token_unusable': {
    status: 500,
    title: 'The token of the management API cannot be used',
    remedy: 'Set LINCHPIN_API_TOKEN to 16 characters or more, or delete the file so that a new one is made.',
  },
} as const satisfies ErrorCatalogue;
