/** What a bearer token stands for. */
export interface Token {
  readonly token: string;
  readonly portalId: number;
  readonly appId: number;
  readonly userId: number;
  readonly kind: 'private' | 'oauth';
  readonly scopes: ReadonlySet<string>;
  /** In ms; private app tokens never expire. */
  readonly expiresAt: number | undefined;
  readonly isRevoked: boolean;
}

/** The scopes that the emulated calls ask for. `oauth` is every token's. */
export const ALL_SCOPES = [
  'oauth',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
] as const;
