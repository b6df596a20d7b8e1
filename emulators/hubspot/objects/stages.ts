/** Pipelines and stages as values of records: which properties hold them, and what may be in them. */
import type { PropertyFault } from '../errors.ts';
import type { Portal } from '../portal.ts';
import { toOption } from '../properties/property-rules.ts';
import type { Property } from '../properties/property.ts';
import type { ObjectRecord, Values } from './object-record.ts';
import { DEALS } from './object-types.ts';
import type { RecordStage } from './relations.ts';

interface StageProperties {
  readonly pipeline: 'pipeline' | 'hs_pipeline';
  readonly stage: 'dealstage' | 'hs_pipeline_stage';
}

/** Deals have names of their own for what every other object calls alike. */
export function stagePropertiesOf(typeId: string): StageProperties {
  return typeId === DEALS
    ? { pipeline: 'pipeline', stage: 'dealstage' }
    : { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' };
}

/** A property of pipelines or stages gets the account's own as its options; any other stays as it is. */
export function withStages(portal: Portal, typeId: string, property: Property): Property {
  if (property.name === 'lifecyclestage') return withLifecycle(portal, typeId, property);
  const names = stagePropertiesOf(typeId);
  const { pipelines } = portal;
  if (property.readOnlyValue || (property.name !== names.pipeline && property.name !== names.stage)) {
    return property;
  }
  const ids = pipelines.idsOf(typeId);
  // Without pipelines any value will do, as an owner's does.
  if (ids.length === 0) return { ...property, externalOptions: true };
  const options =
    property.name === names.pipeline
      ? ids.map((id, order) => toOption(id, id, order))
      : ids.flatMap((id) =>
          pipelines.stagesOf(typeId, id).map(({ id: stage, label }, order) => toOption(label, stage, order)),
        );
  return { ...property, options };
}

/** The stages of the lifecycle in the account's order, then options that someone gave the property itself. */
function withLifecycle({ pipelines }: Portal, typeId: string, property: Property): Property {
  const pipeline = pipelines.idsOf(typeId)[0];
  if (pipeline === undefined) return property;
  const stages = pipelines.stagesOf(typeId, pipeline);
  const others = property.options.filter(({ value }) => !stages.some(({ id }) => id === value));
  return {
    ...property,
    options: [...stages.map(({ id, label }, order) => toOption(label, id, order)), ...others],
  };
}

/** The lifecycle's stages, first to last. */
export function lifecycleOf(portal: Portal, typeId: string): readonly string[] {
  const property = portal.properties(typeId).find('lifecyclestage');
  return property === undefined
    ? []
    : withLifecycle(portal, typeId, property).options.map(({ value }) => value);
}

/** The stage that a record is in, when its account has pipelines for it. */
export function stageOf(portal: Portal, { typeId, values }: ObjectRecord): RecordStage | undefined {
  const names = stagePropertiesOf(typeId);
  const stage = values[names.stage];
  return stage === undefined ? undefined : findStage(portal, typeId, values[names.pipeline], stage);
}

/** A stage must belong to the record's pipeline. The code is that of a wrong option; the words are assumed. */
export function stageFault(portal: Portal, typeId: string, values: Values): PropertyFault | undefined {
  const names = stagePropertiesOf(typeId);
  const [pipeline, stage] = [values[names.pipeline], values[names.stage]];
  if (pipeline === undefined || stage === undefined || !hasPipelines(portal, typeId)) return undefined;
  if (findStage(portal, typeId, pipeline, stage) !== undefined) return undefined;
  const allowed = portal.pipelines.stagesOf(typeId, pipeline).map(({ id }) => id);
  return {
    property: names.stage,
    code: 'INVALID_OPTION',
    message: `${stage} was not one of the allowed options: [${allowed.join(', ')}]`,
  };
}

function hasPipelines(portal: Portal, typeId: string): boolean {
  return portal.pipelines.idsOf(typeId).length > 0;
}

function findStage(
  portal: Portal,
  typeId: string,
  pipeline: string | undefined,
  stage: string,
): RecordStage | undefined {
  const { pipelines } = portal;
  const ids = pipeline === undefined ? pipelines.idsOf(typeId) : [pipeline];
  return ids.flatMap((id) => pipelines.stagesOf(typeId, id)).find(({ id }) => id === stage);
}
