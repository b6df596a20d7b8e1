import { defineEmulator, startEmulator } from '../core/index.ts';
import type { RunningEmulator, StartOptions } from '../core/index.ts';
import { associationRoutes } from './associations/index.ts';
import { edgeAdminRoutes, edgeRoutes } from './edge-routes.ts';
import { finish } from './finish.ts';
import { FAULT_PRESETS } from './fault-presets.ts';
import { refuseUnreadable } from './refusals.ts';
import { limitRoutes } from './limits-api/index.ts';
import { allListRoutes } from './lists/index.ts';
import { ownerRoutes } from './owners/index.ts';
import { allPipelineRoutes } from './pipelines/index.ts';
import { accountRoutes } from './routes/account.ts';
import { objectBatchRoutes } from './routes/object-batches.ts';
import { objectMergeRoutes } from './routes/object-merges.ts';
import { objectSearchRoutes } from './routes/object-search.ts';
import { objectRoutes } from './routes/objects.ts';
import { restoreAdminRoutes } from './routes/restores.ts';
import { propertyRoutes } from './routes/properties.ts';
import { propertyGroupRoutes } from './routes/property-groups.ts';
import { schemaRoutes } from './schemas/index.ts';
import { showPage } from './page/show-page.ts';
import { applySeed, seedSchema } from './seed.ts';
import { showLimits, changeLimits, limitsSchema } from './limit-changes.ts';
import { showState } from './show-state.ts';
import { makeState } from './state.ts';
import type { HubspotState } from './state.ts';
import { VERSIONS } from './versions.ts';
import { WEBHOOK_RULES } from './webhooks/webhook-rules.ts';

export { DEFAULT_PORTAL_ID, DEFAULT_TOKEN } from './state.ts';
export type { HubspotState } from './state.ts';

export type HubspotEmulator = RunningEmulator<HubspotState, typeof seedSchema, typeof limitsSchema>;

// The largest documented payload, a hundred contacts with a text of the longest kind, stays below this.
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** HubSpot's API, as the README has it. */
export const hubspotEmulator = defineEmulator({
  id: 'hubspot',
  title: 'HubSpot',
  seedSchema,
  makeState,
  applySeed,
  closeState: (state) => state.later.clear(),
  showState,
  showPage,
  limits: { schema: limitsSchema, show: showLimits, apply: changeLimits },
  routes: [
    ...VERSIONS.flatMap((version) => [
      ...objectRoutes(version),
      ...objectBatchRoutes(version),
      ...objectSearchRoutes(version),
      ...objectMergeRoutes(version),
      ...propertyGroupRoutes(version),
      ...propertyRoutes(version),
      ...accountRoutes(version),
      ...associationRoutes(version),
      ...allPipelineRoutes(version),
      ...ownerRoutes(version),
      ...schemaRoutes(version),
      ...allListRoutes(version),
      ...limitRoutes(version),
    ]),
    ...edgeRoutes(),
  ],
  adminRoutes: [...edgeAdminRoutes, ...restoreAdminRoutes],
  refuse: refuseUnreadable,
  faultPresets: FAULT_PRESETS,
  finish,
  webhooks: WEBHOOK_RULES,
  bodyBytesMax: BODY_BYTES_MAX,
});

export function startHubspotEmulator(options?: StartOptions): Promise<HubspotEmulator> {
  return startEmulator(hubspotEmulator, options);
}
