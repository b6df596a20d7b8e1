import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { isFields, readList, readText, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { DEALS, TICKETS } from '../objects/object-types.ts';
import type { Pipeline, Stage } from './pipeline.ts';

// Documented: 100 stages for deals, tickets and custom objects, 30 elsewhere.
const STAGES_MAX = 100;
const STAGES_MAX_ELSEWHERE = 30;

const TICKET_STATES = ['OPEN', 'CLOSED'];

/** A whole pipeline, from POST or PUT. Stages are known again by `stageId` or by their label. */
export function readPipeline(
  call: Call,
  typeId: string,
  fields: Fields,
  before: Pipeline | undefined,
): Pipeline {
  requireFields(call, fields, ['label', 'displayOrder', 'stages']);
  const id = before?.id ?? call.portal.pipelines.takeId();
  const stages = (readList(call.request, fields, 'stages') ?? []).map((given) => {
    const input = isFields(given) ? given : wrongType(call.request, 'stages', 'PipelineStageInput', given);
    return readStage(call, typeId, input, id, findStage(call, input, before));
  });
  const pipeline = {
    id,
    label: readText(call.request, fields, 'label') ?? '',
    displayOrder: readOrder(call, fields) ?? 0,
    stages,
    createdAt: before?.createdAt ?? call.now,
    updatedAt: call.now,
  };
  requireDistinct(call, typeId, pipeline);
  return pipeline;
}

function findStage(call: Call, input: Fields, before: Pipeline | undefined): Stage | undefined {
  const id = readText(call.request, input, 'stageId') ?? readText(call.request, input, 'id');
  const label = readText(call.request, input, 'label');
  return before?.stages.find((stage) => (id === undefined ? stage.label === label : stage.id === id));
}

/** A whole stage. */
export function readStage(
  call: Call,
  typeId: string,
  fields: Fields,
  pipelineId: string,
  before: Stage | undefined,
): Stage {
  requireFields(call, fields, ['label', 'displayOrder']);
  return {
    id: before?.id ?? call.portal.pipelines.takeId(),
    pipelineId,
    label: readText(call.request, fields, 'label') ?? '',
    displayOrder: readOrder(call, fields) ?? 0,
    metadata: readMetadata(call, typeId, fields, {}),
    createdAt: before?.createdAt ?? call.now,
    updatedAt: call.now,
  };
}

/** What PATCH names changes; the metadata key by key. */
export function changeStage(call: Call, typeId: string, fields: Fields, before: Stage): Stage {
  const { archivedAt, ...stage } = before;
  const isArchived = readArchived(fields) ?? archivedAt !== undefined;
  return {
    ...stage,
    label: readText(call.request, fields, 'label') ?? before.label,
    displayOrder: readOrder(call, fields) ?? before.displayOrder,
    metadata: readMetadata(call, typeId, fields, before.metadata),
    updatedAt: call.now,
    ...(isArchived ? { archivedAt: archivedAt ?? call.now } : {}),
  };
}

export function changePipeline(call: Call, fields: Fields, before: Pipeline): Pipeline {
  const { archivedAt, ...pipeline } = before;
  const isArchived = readArchived(fields) ?? archivedAt !== undefined;
  return {
    ...pipeline,
    label: readText(call.request, fields, 'label') ?? before.label,
    displayOrder: readOrder(call, fields) ?? before.displayOrder,
    updatedAt: call.now,
    ...(isArchived ? { archivedAt: archivedAt ?? call.now } : {}),
  };
}

/** Labels are unique among the pipelines of an object and the stages of a pipeline (specification; our words). */
export function requireDistinct(call: Call, typeId: string, pipeline: Pipeline): void {
  const { label, stages } = pipeline;
  const others = call.portal.pipelines.list(typeId).filter(({ id }) => id !== pipeline.id);
  if (others.some((other) => other.label === label)) {
    throw invalid(`Pipeline label "${label}" is already in use`, { label: [label] });
  }
  const labels = stages.map((stage) => stage.label);
  const repeated = labels.find((one, index) => labels.indexOf(one) < index);
  if (repeated !== undefined)
    throw invalid(`Stage label "${repeated}" is already in use`, { label: [repeated] });
  const isLarge = typeId === DEALS || typeId === TICKETS || typeId.startsWith('2-');
  const max = isLarge ? STAGES_MAX : STAGES_MAX_ELSEWHERE;
  if (stages.length > max) throw invalid(`A pipeline can have at most ${max} stages`);
  if (stages.length === 0) throw invalid('A pipeline must have at least one stage');
}

/** Deals' stages need a probability; a ticket's is open unless it says otherwise. */
function readMetadata(
  call: Call,
  typeId: string,
  fields: Fields,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = fields['metadata'] ?? {};
  if (!isFields(given)) return wrongType(call.request, 'metadata', 'java.util.LinkedHashMap', given);
  const metadata: Record<string, string> = { ...before };
  for (const key of Object.keys(given)) metadata[key] = readText(call.request, given, key) ?? '';
  if (typeId === DEALS) {
    const probability = Number(metadata['probability'] ?? 'missing');
    if (!(probability >= 0 && probability <= 1)) {
      throw invalid('The metadata of a deal stage must have a probability between 0.0 and 1.0', {
        probability: [metadata['probability'] ?? ''],
      });
    }
    metadata['isClosed'] = String(probability === 0 || probability === 1);
  }
  if (typeId === TICKETS) {
    const state = metadata['ticketState'] ?? 'OPEN';
    if (!TICKET_STATES.includes(state)) {
      throw invalid(`ticketState must be one of [${TICKET_STATES.join(', ')}]`, { ticketState: [state] });
    }
    metadata['ticketState'] = state;
    metadata['isClosed'] = String(state === 'CLOSED');
  }
  return metadata;
}

function requireFields(call: Call, fields: Fields, keys: readonly string[]): void {
  const missing = keys.filter(
    (key) => fields[key] === undefined || fields[key] === null || fields[key] === '',
  );
  if (missing.length > 0) throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  readList(call.request, fields, 'stages');
}

function readOrder(call: Call, fields: Fields): number | undefined {
  const text = readText(call.request, fields, 'displayOrder');
  if (text === undefined) return undefined;
  const order = Number(text);
  return Number.isInteger(order) ? order : wrongType(call.request, 'displayOrder', 'int', text);
}

function readArchived(fields: Fields): boolean | undefined {
  return typeof fields['archived'] === 'boolean' ? fields['archived'] : undefined;
}
