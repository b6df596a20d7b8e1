import type { RecordStage } from '../objects/relations.ts';

/** One step of a pipeline. Replaced, never changed in place. */
export interface Stage extends RecordStage {
  readonly displayOrder: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt?: number;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly stages: readonly Stage[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt?: number;
}

/** One entry of the history of a pipeline or stage. */
export interface PipelineAudit {
  readonly portalId: number;
  readonly identifier: string;
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly at: number;
  readonly userId: number;
  readonly rawObject: unknown;
}

export function showPipeline({ stages, ...pipeline }: Pipeline): Record<string, unknown> {
  return {
    label: pipeline.label,
    displayOrder: pipeline.displayOrder,
    id: pipeline.id,
    stages: stages.map(showStage),
    ...showTimes(pipeline),
  };
}

export function showStage(stage: Stage): Record<string, unknown> {
  return {
    label: stage.label,
    displayOrder: stage.displayOrder,
    metadata: stage.metadata,
    id: stage.id,
    ...showTimes(stage),
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  };
}

export function showAudit(audit: PipelineAudit): Record<string, unknown> {
  const { portalId, identifier, action, at, userId, rawObject } = audit;
  return {
    portalId,
    identifier,
    action,
    timestamp: new Date(at).toISOString(),
    fromUserId: userId,
    rawObject,
  };
}

function showTimes(of: Pick<Pipeline, 'createdAt' | 'updatedAt' | 'archivedAt'>): Record<string, unknown> {
  return {
    createdAt: new Date(of.createdAt).toISOString(),
    updatedAt: new Date(of.updatedAt).toISOString(),
    archived: of.archivedAt !== undefined,
    ...(of.archivedAt === undefined ? {} : { archivedAt: new Date(of.archivedAt).toISOString() }),
  };
}
