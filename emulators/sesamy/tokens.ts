import { json } from '../core/index.ts';
import { tokenProblem } from './problem.ts';
import type { SesamyRoute } from './caller.ts';
import type { SesamyState } from './state.ts';

const AUDIENCE = 'https://api.sesamy.com';
// "expires_in 86400": https://developers.sesamy.com/authentication, read 2026-11.
const LIFETIME_S = 86_400;

/** Makes a token; a reader's when `userId` is given, else a publisher's. */
export function issueToken(state: SesamyState, vendorId: string, userId: string | null): string {
  const token = `sesamy_${state.makeId('token')}`;
  state.tokens.set(token, { vendorId, userId, expiresAtMs: state.context.clock.now() + LIFETIME_S * 1000 });
  return token;
}

/** OAuth 2.0 client credentials, form-encoded. */
export const tokenRoute: SesamyRoute = {
  method: 'POST',
  path: '/oauth/token',
  handle: (request, state) => {
    const form = request.form();
    if (form.get('grant_type') !== 'client_credentials') {
      return tokenProblem(400, 'unsupported_grant_type', 'Only client_credentials is supported');
    }
    const client = state.clients.get(form.get('client_id') ?? '');
    if (client === undefined || client.secret !== form.get('client_secret')) {
      return tokenProblem(401, 'invalid_client', 'Client authentication failed');
    }
    if (form.get('audience') !== AUDIENCE) {
      return tokenProblem(400, 'invalid_target', `The audience must be ${AUDIENCE}`);
    }
    const token = issueToken(state, client.vendorId, null);
    return json(200, { access_token: token, token_type: 'Bearer', expires_in: LIFETIME_S });
  },
};
