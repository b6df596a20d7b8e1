import { json, Refused } from '../../core/index.ts';
import type { Switches } from '../switches.ts';

/**
 * The token endpoints' frame: a status in capitals, and since January 2026 the fields of RFC 6749 beside it.
 * Only BAD_REFRESH_TOKEN is recorded with both; `rfcFieldsOnTokenErrors` says what the others have.
 */
const ERRORS = {
  BAD_GRANT_TYPE: ['unsupported_grant_type', 'missing or unknown grant type'],
  BAD_CLIENT_ID: ['invalid_client', 'missing or invalid client id'],
  BAD_CLIENT_SECRET: ['invalid_client', 'missing or invalid client secret'],
  BAD_REDIRECT_URI: ['invalid_grant', 'redirect URI does not match initial auth code URI'],
  BAD_AUTH_CODE: ['invalid_grant', 'missing or unknown auth code'],
  BAD_REFRESH_TOKEN: ['invalid_grant', 'refresh token is invalid, expired or revoked'],
  BAD_SCOPE: ['invalid_scope', 'the app may not ask for some of the scopes'],
} as const;

export type OAuthErrorStatus = keyof typeof ERRORS;

export function tokenRefused(status: OAuthErrorStatus, switches: Switches): Refused {
  const [error, message] = ERRORS[status];
  const hasRfcFields = status === 'BAD_REFRESH_TOKEN' || switches.rfcFieldsOnTokenErrors;
  return new Refused(
    json(400, { status, message, ...(hasRfcFields ? { error, error_description: message } : {}) }),
  );
}
