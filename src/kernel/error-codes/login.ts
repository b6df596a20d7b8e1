import type { ErrorCatalogue } from './error-entry.ts';

/** Logging in to an account at a vendor. */
export const LOGIN_ERRORS = {
  'login.not_needed': {
    status: 409,
    title: 'This connection is not logged in to',
    remedy: 'Give it client_id and client_secret in linchpin.yaml, and apply that, to log in instead.',
  },
  'login.port_taken': {
    status: 409,
    title: 'The port of the redirect is in use',
    remedy: 'Stop what listens there, or name another redirect address with --redirect-uri.',
  },
  'login.redirect_invalid': {
    status: 400,
    title: 'The redirect address cannot be used',
    remedy: 'Give one of the addresses that the app names, such as http://localhost:8400/oauth/callback.',
  },
  'login.refused': {
    status: 502,
    title: 'The login was refused',
    remedy: 'Correct what the message names, and log in again.',
  },
  'login.state_mismatch': {
    status: 400,
    title: 'This is not the answer to the login',
    remedy: 'Open the address that the command printed last, and paste the whole address it led to.',
  },
  'login.unanswered': {
    status: 408,
    title: 'Nobody answered the login',
    remedy: 'Run the command again; on a server without a browser, with --no-browser.',
  },
} as const satisfies ErrorCatalogue;
