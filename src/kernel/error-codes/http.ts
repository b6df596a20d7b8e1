import type { ErrorCatalogue } from './error-entry.ts';

/** Requests that reach no route, or break on the way, and a server that cannot begin. */
export const HTTP_ERRORS = {
  'http.cannot_listen': {
    status: 500,
    title: 'Linchpin cannot listen there',
    remedy: 'Stop what listens there, or name another port with --port, or another address with --host.',
  },
  'http.internal': {
    status: 500,
    title: 'Linchpin failed on this request',
    remedy: 'Try again; if it persists, look for the same code in the log of Linchpin and report it.',
  },
  'http.method_not_allowed': {
    status: 405,
    title: 'This address does not answer this method',
    remedy: 'Use the method that the header Allow names.',
  },
  'http.metrics_forbidden': {
    status: 403,
    title: 'Metrics are not told to everybody',
    remedy: 'Ask from the same machine, or send the bearer token of the API.',
  },
  'http.request_malformed': {
    status: 400,
    title: 'The HTTP request is malformed',
    remedy: 'Send a well-formed HTTP/1.1 request; see the message for the part at fault.',
  },
  'http.route_unknown': {
    status: 404,
    title: 'There is nothing at this address',
    remedy: 'Check host and path; Segment calls go to /v1/batch or /v1/<call>.',
  },
} as const satisfies ErrorCatalogue;
