import type { Redacted } from '../kernel/redacted.ts';

/** How calls of a connection prove who sends them; the engine does it. */
export type Auth<Settings> =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: (settings: Settings) => Redacted }
  | {
      /** OAuth 2.0 client credentials (RFC 6749 section 4.4), the token fetched and refreshed by the engine. */
      readonly kind: 'client_credentials';
      readonly tokenUrl: (settings: Settings) => string;
      readonly clientId: (settings: Settings) => string;
      readonly clientSecret: (settings: Settings) => Redacted;
      readonly audience: string;
    };
