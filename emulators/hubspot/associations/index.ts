import type { Route } from '../../core/index.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { associationBatchRoutes } from './batch-routes.ts';
import { configurationRoutes } from './configuration-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { pairRoutes } from './pair-routes.ts';
import { v3AssociationRoutes } from './v3-routes.ts';

/** Associations of records, their labels and their limits. */
export function associationRoutes(version: Version): Route<HubspotState>[] {
  return [
    ...pairRoutes(version),
    ...associationBatchRoutes(version),
    ...labelRoutes(version),
    ...configurationRoutes(version),
    ...(version === 'v3' ? v3AssociationRoutes() : []),
  ];
}
