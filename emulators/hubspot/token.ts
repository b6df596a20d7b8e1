import { OBJECT_SCOPES } from './objects/built-in-types.ts';

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
export const ALL_SCOPES: readonly string[] = [
  'oauth',
  'behavioral_events.event_definitions.read_write',
  'analytics.behavioral_events.send',
  'forms',
  'crm.import',
  'crm.export',
  ...OBJECT_SCOPES,
  'crm.schemas.custom.read',
  'crm.schemas.custom.write',
  'crm.objects.custom.read',
  'crm.objects.custom.write',
  'crm.objects.owners.read',
  'crm.lists.read',
  'crm.lists.write',
];
