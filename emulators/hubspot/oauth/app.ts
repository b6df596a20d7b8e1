import { z } from 'zod';

/** A developer's app, as far as portals and webhooks know it. */
export interface App {
  readonly appId: number;
  readonly name: string;
  readonly clientId: string;
  /** Exchanges codes, and signs what HubSpot sends to the app. */
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** What an install must ask for. */
  readonly scopes: readonly string[];
  /** What it may ask for besides, by `optional_scope` or among `scope`. */
  readonly optionalScopes: readonly string[];
  /** The `hapikey` of the developer account: settings of webhooks are read and written with it. */
  readonly developerApiKey: string;
  readonly isPrivateDistribution: boolean;
}

/** There from the start, so that a login can be tried without a seed. */
export const DEFAULT_APP: App = {
  appId: 2_000_002,
  name: 'Emulator app',
  clientId: '00000000-0000-4000-8000-000000000002',
  clientSecret: '00000000-0000-4000-8000-0000000000aa',
  redirectUris: ['http://localhost:4000/oauth/callback', 'http://localhost:8400/oauth/callback'],
  scopes: ['oauth'],
  optionalScopes: ['*'],
  developerApiKey: '00000000-0000-4000-8000-0000000000d1',
  isPrivateDistribution: true,
};

export const appSchema = z.strictObject({
  appId: z.int().positive(),
  name: z.string().min(1).default('Emulator app'),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  redirectUris: z
    .array(
      z.string().refine(isRedirectUri, 'a redirect address is https, or http on the host "localhost" only'),
    )
    .default([...DEFAULT_APP.redirectUris]),
  scopes: z.array(z.string()).default(['oauth']),
  /** `*` stands for every scope there is. */
  optionalScopes: z.array(z.string()).default(['*']),
  developerApiKey: z.string().min(1).default(DEFAULT_APP.developerApiKey),
  isPrivateDistribution: z.boolean().default(true),
});

/** HubSpot takes plain http for tests on `localhost` only, not for 127.0.0.1 (app configuration guide, 2026-04). */
function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
}

export function mayAskFor(app: App, scope: string): boolean {
  return app.scopes.includes(scope) || app.optionalScopes.includes(scope) || app.optionalScopes.includes('*');
}
