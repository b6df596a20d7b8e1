import type { Auth } from '../../kit/index.ts';
import type { Settings } from './settings.ts';
import { authorizationHeader } from './sign.ts';

/** A token of the pixel as it is, or calls signed for a user. The settings have one or the other, whole. */
export function authOf(settings: Settings): Auth {
  const { pixel_token, consumer_key, consumer_secret, access_token, access_token_secret } = settings;
  if (pixel_token !== undefined) {
    return { kind: 'signed', sign: () => ({ 'x-pixel-token': pixel_token.reveal() }) };
  }
  if (
    consumer_key === undefined ||
    consumer_secret === undefined ||
    access_token === undefined ||
    access_token_secret === undefined
  ) {
    return { kind: 'none' };
  }
  const keys = {
    consumerKey: consumer_key,
    consumerSecret: consumer_secret,
    token: access_token,
    tokenSecret: access_token_secret,
  };
  return { kind: 'signed', sign: (request) => ({ authorization: authorizationHeader(request, keys) }) };
}
