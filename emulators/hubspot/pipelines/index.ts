import type { Route } from '../../core/index.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { pipelineRoutes } from './pipeline-routes.ts';
import { stageRoutes } from './stage-routes.ts';

export { readPipeline } from './pipeline-input.ts';

/** Pipelines of every object and their stages. */
export function allPipelineRoutes(version: Version): Route<HubspotState>[] {
  return [...pipelineRoutes(version), ...stageRoutes(version)];
}
