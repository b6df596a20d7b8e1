/**
 * The first half of a login: the address that the human opens, and what the vendor sends them back with. The state
 * tells our own redirect from a forged one (RFC 6749 section 10.12), and the verifier makes a stolen code worthless
 * (RFC 7636). Neither outlives the command that made it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { LinchpinError } from '../../kernel/errors.ts';
import { Redacted } from '../../kernel/redacted.ts';
import type { AuthorizationCode } from '../../kit/index.ts';

export interface Authorization {
  /** What the human opens. */
  readonly address: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly verifier: Redacted;
}

// 256 bits, which RFC 7636 section 7.1 recommends for the verifier.
const RANDOM_BYTES = 32;

export function beginAuthorization(
  auth: AuthorizationCode,
  { redirectUri, scopes }: { readonly redirectUri: string; readonly scopes: readonly string[] },
): Authorization {
  const state = randomBytes(RANDOM_BYTES).toString('base64url');
  const verifier = randomBytes(RANDOM_BYTES).toString('base64url');
  const address = new URL(auth.authorizeUrl);
  const parameters = {
    ...auth.parameters,
    response_type: 'code',
    client_id: auth.clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return { address: address.href, redirectUri, state, verifier: new Redacted(verifier) };
}

/** What a redirect says to the login that waits for one. */
export type Redirect =
  | { readonly kind: 'code'; readonly code: Redacted }
  /** Not the answer to this login: an old one, or somebody's attempt to slip in an account of theirs. */
  | { readonly kind: 'foreign' }
  /** The human, or the vendor, said no. */
  | { readonly kind: 'refused'; readonly reason: string };

export function readRedirect(query: URLSearchParams, { state }: Pick<Authorization, 'state'>): Redirect {
  if (query.get('state') !== state) return { kind: 'foreign' };
  const code = query.get('code');
  if (code !== null && code !== '') return { kind: 'code', code: new Redacted(code) };
  const reason = query.get('error_description') ?? query.get('error') ?? 'the redirect carries no code';
  return { kind: 'refused', reason };
}

/**
 * The code of what was pasted: the address that the browser was sent to, or the code alone. The latter comes without a
 * state, but from the hand of whoever opened the address, and is of use with our verifier only.
 */
export function readPasted(text: string, authorization: Pick<Authorization, 'state'>): Redacted {
  const pasted = text.trim();
  if (pasted !== '' && !/[\s?&=/]/.test(pasted)) return new Redacted(pasted);
  const query = URL.canParse(pasted) ? new URL(pasted).searchParams : new URLSearchParams(pasted);
  const redirect = readRedirect(query, authorization);
  if (redirect.kind === 'code') return redirect.code;
  if (redirect.kind === 'refused') throw refused(redirect.reason);
  throw new LinchpinError('login.state_mismatch', {
    message:
      'What was pasted is not the address that this login leads to: its state is another one, or missing.',
  });
}

export function refused(reason: string): LinchpinError {
  // Shown as it came, but not at any length: it is written by whoever made the redirect.
  const shown = reason.length > REASON_LENGTH_MAX ? `${reason.slice(0, REASON_LENGTH_MAX)}…` : reason;
  return new LinchpinError('login.refused', { message: `The login was refused: ${shown}` });
}

const REASON_LENGTH_MAX = 300;
