import type { Route } from '../../core/index.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { listRoutes } from './list-routes.ts';
import { membershipRoutes } from './membership-routes.ts';

export { readNewList } from './list-input.ts';
export { refresh } from './list-members.ts';

/** Lists and who is in them. */
export function allListRoutes(version: Version): Route<HubspotState>[] {
  return [...listRoutes(version), ...membershipRoutes(version)];
}
