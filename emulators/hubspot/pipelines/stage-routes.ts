import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readObject } from '../input.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { getPipeline, getStage, note, typeOf } from './pipeline-call.ts';
import { changeStage, readStage, requireDistinct } from './pipeline-input.ts';
import { pipelinesPath } from './pipeline-routes.ts';
import { showAudit, showStage } from './pipeline.ts';
import type { Pipeline, Stage } from './pipeline.ts';
import { refuseUsed } from './stage-uses.ts';

/** The stages of a pipeline. */
export function stageRoutes(version: Version): Route<HubspotState>[] {
  const base = `${pipelinesPath(version)}/:pipelineId/stages`;
  const one = `${base}/:stageId`;
  const routes: Omit<GuardedRoute, 'scopes'>[] = [
    { method: 'GET', path: base, handle: list },
    { method: 'POST', path: base, handle: create },
    { method: 'GET', path: one, handle: read },
    { method: 'PUT', path: one, handle: replace },
    { method: 'PATCH', path: one, handle: update },
    { method: 'DELETE', path: one, handle: remove },
    { method: 'GET', path: `${one}/audit`, handle: listAudits },
  ];
  return routes.map((route) => guard({ ...route, scopes: ['oauth'] }));
}

function list(call: Call): Reply {
  const { stages } = getPipeline(call, typeOf(call, 'read'));
  const inOrder = stages
    .filter(({ archivedAt }) => archivedAt === undefined)
    .toSorted((a, b) => a.displayOrder - b.displayOrder);
  return json(200, { results: inOrder.map(showStage) });
}

function create(call: Call): Reply {
  const type = typeOf(call, 'write');
  const pipeline = getPipeline(call, type);
  const stage = readStage(call, type.id, readObject(call.request), pipeline.id, undefined);
  return json(201, save(call, type.id, pipeline, stage, 'CREATE'));
}

function read(call: Call): Reply {
  return json(200, showStage(getStage(call, getPipeline(call, typeOf(call, 'read')))));
}

function replace(call: Call): Reply {
  const type = typeOf(call, 'write');
  const pipeline = getPipeline(call, type);
  const before = getStage(call, pipeline);
  const stage = readStage(call, type.id, readObject(call.request), pipeline.id, before);
  return json(200, save(call, type.id, pipeline, stage, 'UPDATE'));
}

function update(call: Call): Reply {
  const type = typeOf(call, 'write');
  const pipeline = getPipeline(call, type);
  const stage = changeStage(call, type.id, readObject(call.request), getStage(call, pipeline));
  return json(200, save(call, type.id, pipeline, stage, 'UPDATE'));
}

function remove(call: Call): Reply {
  const type = typeOf(call, 'write');
  const pipeline = getPipeline(call, type);
  const stage = getStage(call, pipeline);
  refuseUsed(call, type.id, [stage.id]);
  const changed = {
    ...pipeline,
    stages: pipeline.stages.filter(({ id }) => id !== stage.id),
    updatedAt: call.now,
  };
  requireDistinct(call, type.id, changed);
  call.portal.pipelines.put(type.id, changed);
  note(call, stage.id, 'DELETE', showStage(stage));
  return empty(204);
}

function listAudits(call: Call): Reply {
  const stage = getStage(call, getPipeline(call, typeOf(call, 'read')));
  return json(200, { results: call.portal.pipelines.auditsOf(stage.id).map(showAudit) });
}

function save(
  call: Call,
  typeId: string,
  pipeline: Pipeline,
  stage: Stage,
  action: 'CREATE' | 'UPDATE',
): unknown {
  const others = pipeline.stages.filter(({ id }) => id !== stage.id);
  const changed = { ...pipeline, stages: [...others, stage], updatedAt: call.now };
  requireDistinct(call, typeId, changed);
  call.portal.pipelines.put(typeId, changed);
  const shown = showStage(stage);
  note(call, stage.id, action, shown);
  return shown;
}
