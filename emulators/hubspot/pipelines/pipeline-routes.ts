import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readObject } from '../input.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { getPipeline, note, typeOf } from './pipeline-call.ts';
import { changePipeline, readPipeline, requireDistinct } from './pipeline-input.ts';
import { showAudit, showPipeline } from './pipeline.ts';
import type { Pipeline } from './pipeline.ts';
import { refuseUsed } from './stage-uses.ts';

export function pipelinesPath(version: Version): string {
  return version === 'v3' ? '/crm/v3/pipelines/:type' : `/crm/pipelines/${version}/:type`;
}

/** Pipelines of an object. */
export function pipelineRoutes(version: Version): Route<HubspotState>[] {
  const base = pipelinesPath(version);
  const one = `${base}/:pipelineId`;
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
  const type = typeOf(call, 'read');
  return json(200, { results: call.portal.pipelines.list(type.id).map(showPipeline) });
}

function create(call: Call): Reply {
  const type = typeOf(call, 'write');
  const pipeline = readPipeline(call, type.id, readObject(call.request), undefined);
  return json(201, save(call, type.id, pipeline, 'CREATE'));
}

function read(call: Call): Reply {
  return json(200, showPipeline(getPipeline(call, typeOf(call, 'read'))));
}

/** Stages that the new definition leaves out are gone. */
function replace(call: Call): Reply {
  const type = typeOf(call, 'write');
  const before = getPipeline(call, type);
  const pipeline = readPipeline(call, type.id, readObject(call.request), before);
  const kept = new Set(pipeline.stages.map(({ id }) => id));
  const gone = before.stages.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  if (isAskedToValidate(call)) refuseUsed(call, type.id, gone);
  return json(200, save(call, type.id, pipeline, 'UPDATE'));
}

function update(call: Call): Reply {
  const type = typeOf(call, 'write');
  const pipeline = changePipeline(call, readObject(call.request), getPipeline(call, type));
  requireDistinct(call, type.id, pipeline);
  return json(200, save(call, type.id, pipeline, 'UPDATE'));
}

/** Records that are in the pipeline stop it only if the caller asks for that; they keep their values (documented default). */
function remove(call: Call): Reply {
  const type = typeOf(call, 'write');
  const pipeline = getPipeline(call, type);
  if (isAskedToValidate(call)) {
    refuseUsed(
      call,
      type.id,
      pipeline.stages.map(({ id }) => id),
    );
  }
  call.portal.pipelines.remove(type.id, pipeline.id);
  note(call, pipeline.id, 'DELETE', showPipeline(pipeline));
  return empty(204);
}

function listAudits(call: Call): Reply {
  const pipeline = getPipeline(call, typeOf(call, 'read'));
  return json(200, { results: call.portal.pipelines.auditsOf(pipeline.id).map(showAudit) });
}

function save(call: Call, typeId: string, pipeline: Pipeline, action: 'CREATE' | 'UPDATE'): unknown {
  call.portal.pipelines.put(typeId, pipeline);
  const shown = showPipeline(pipeline);
  note(call, pipeline.id, action, shown);
  return shown;
}

function isAskedToValidate({ request }: Call): boolean {
  return ['validateReferencesBeforeDelete', 'validateDealStageUsagesBeforeDelete'].some(
    (name) => request.query.get(name) === 'true',
  );
}
