import { Refused } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { errorReply, missingScopes } from '../errors.ts';
import { resolveType } from '../objects/object-types.ts';
import type { ObjectType } from '../objects/object-types.ts';
import type { Pipeline, PipelineAudit, Stage } from './pipeline.ts';

/** The object type of the path; pipelines belong to its schema, and a scope for its records will do as well. */
export function typeOf(call: Call, access: 'read' | 'write'): ObjectType {
  const type = resolveType(call.portal, call.request.param('type'));
  const { read, write, readSchema, writeSchema } = type.scopes;
  const scopes = access === 'read' ? [...read, ...readSchema] : [...write, ...writeSchema];
  if (!scopes.some((scope) => call.token.scopes.has(scope))) {
    throw new Refused(missingScopes(scopes.slice(0, 1)));
  }
  return type;
}

/** Words assumed; an unknown id is 404 everywhere. */
export function getPipeline(call: Call, type: ObjectType): Pipeline {
  const id = call.request.param('pipelineId');
  const pipeline = call.portal.pipelines.find(type.id, id);
  if (pipeline !== undefined) return pipeline;
  throw notFound(`Pipeline with id ${id} does not exist for object type ${type.id}`, 'PIPELINE_ID_NOT_FOUND');
}

export function getStage(call: Call, pipeline: Pipeline): Stage {
  const id = call.request.param('stageId');
  const stage = pipeline.stages.find((one) => one.id === id);
  if (stage !== undefined) return stage;
  throw notFound(`Stage with id ${id} does not exist in pipeline ${pipeline.id}`, 'STAGE_ID_NOT_FOUND');
}

export function note(
  call: Call,
  identifier: string,
  action: PipelineAudit['action'],
  rawObject: unknown,
): void {
  const { portal, token, now } = call;
  portal.pipelines.note({
    portalId: portal.id,
    identifier,
    action,
    at: now,
    userId: token.userId,
    rawObject,
  });
}

function notFound(message: string, name: string): Refused {
  return new Refused(
    errorReply(404, { message, category: 'OBJECT_NOT_FOUND', subCategory: `PipelineError.${name}` }),
  );
}
