/** The token of the management API: given by the environment, or a file in the data folder that the first start makes. */
import { randomBytes } from 'node:crypto';
import { LinchpinError } from '../kernel/errors.ts';
import { Redacted } from '../kernel/redacted.ts';
import { openDataFolder } from './data-folder.ts';
import { makeSecretFile, readSecretFile } from './secret-file.ts';

export interface ApiToken {
  readonly token: Redacted;
  /** Where it is kept; absent when it came from the environment. */
  readonly file?: string;
}

// 192 bits: nobody guesses it, and it is short enough to be copied.
const TOKEN_BYTES = 24;

// What everyone can guess protects nothing.
const CHARACTERS_MIN = 16;

export function loadApiToken(dataDir: string, given: Redacted | undefined): ApiToken {
  if (given !== undefined) return { token: assertFit(given, 'LINCHPIN_API_TOKEN') };
  const file = openDataFolder(dataDir).apiToken;
  const text =
    readSecretFile(file, 'API token', (fault) => new LinchpinError('api.token_unusable', fault)) ??
    makeSecretFile(file, `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`);
  return { token: assertFit(new Redacted(text.trim()), file), file };
}

function assertFit(token: Redacted, origin: string): Redacted {
  if (token.reveal().length >= CHARACTERS_MIN && /^\S+$/.test(token.reveal())) return token;
  throw new LinchpinError('api.token_unusable', {
    message: `${origin} holds no token: at least ${String(CHARACTERS_MIN)} characters without blanks are needed.`,
  });
}
