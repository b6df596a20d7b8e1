import type { Route } from '../core/index.ts';
import { browserRoutes, pixelAdminRoute } from './browser/browser-routes.ts';
import { eventDefinitionRoutes } from './events/definition-routes.ts';
import { eventReadRoutes } from './events/read-routes.ts';
import { eventSendRoutes } from './events/send-routes.ts';
import { exportFileRoute, exportRoutes } from './exports/export-routes.ts';
import { formRoutes } from './forms/form-routes.ts';
import { importRoutes } from './imports/import-routes.ts';
import { journalRoutes } from './journal/journal-routes.ts';
import { oauthAdminRoutes } from './oauth/admin-routes.ts';
import { authorizeRoutes } from './oauth/authorize.ts';
import { tokenInfoRoutes } from './oauth/token-info-routes.ts';
import { tokenRoutes } from './oauth/token-routes.ts';
import type { HubspotState } from './state.ts';
import { VERSIONS } from './versions.ts';
import { webhookRoutes } from './webhooks/webhook-routes.ts';

/** What there is around records: login, custom events, forms, webhooks, the journal, what browsers call. */
export function edgeRoutes(): Route<HubspotState>[] {
  return [
    ...VERSIONS.flatMap((version) => [
      ...eventDefinitionRoutes(version),
      ...eventSendRoutes(version),
      ...eventReadRoutes(version),
      ...importRoutes(version),
      ...exportRoutes(version),
    ]),
    exportFileRoute,
    ...formRoutes(),
    ...webhookRoutes(),
    ...journalRoutes(),
    ...authorizeRoutes(),
    ...tokenRoutes(),
    ...tokenInfoRoutes(),
    ...browserRoutes(),
  ];
}

export const edgeAdminRoutes: readonly Route<HubspotState>[] = [...oauthAdminRoutes, pixelAdminRoute];
