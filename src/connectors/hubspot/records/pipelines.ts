import { isJsonObject } from '../../../kernel/json.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import type { Catalogue } from './catalogue.ts';
import type { KeyedItem } from './draft.ts';
import { Options } from './property.ts';
import type { Property } from './property.ts';
import type { RecordContext } from './record-context.ts';
import type { InputValue } from './record-input.ts';

/** The properties that hold where a record stands; deals have names of their own. */
export interface PipelineNames {
  readonly pipeline: string;
  readonly stage: string;
}

const DEALS: PipelineNames = { pipeline: 'pipeline', stage: 'dealstage' };
const OTHERS: PipelineNames = { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' };

export function pipelineNames(type: string): PipelineNames {
  return type === 'deals' ? DEALS : OTHERS;
}

interface Named {
  readonly id: string;
  readonly label: string;
}

interface Pipeline extends Named {
  readonly stages: readonly Named[];
}

// As for properties: people change pipelines rarely.
const TTL_MS = 3_600_000;

/**
 * Turns labels of pipelines and stages into ids, by the account's own pipelines, and lets the stages of each pipeline
 * be compared by their order. A label that several pipelines have needs the pipeline named beside it. A stage and its
 * pipeline are one wish, under the stage's rule: the pipeline is written with the stage or not at all.
 */
export function* resolvePipelines(
  items: readonly KeyedItem[],
  catalogue: Catalogue,
  context: RecordContext,
): Steps<readonly KeyedItem[]> {
  const names = pipelineNames(context.type);
  const isNamed = ({ item }: KeyedItem): boolean =>
    [names.pipeline, names.stage].some((name) => Object.hasOwn(item.input.properties, name));
  // Of contacts and companies the lifecycle is the pipeline, and a property with options like any other.
  const hasOwnOptions = context.type === 'contacts' || context.type === 'companies';
  if (hasOwnOptions || !items.some(isNamed)) return items;
  const pipelines = yield* loadPipelines(context);
  setOptions(catalogue, names.pipeline, pipelines);
  const stages = pipelines.flatMap((pipeline) =>
    pipeline.stages.map((stage) => ({ ...stage, pipelineId: pipeline.id })),
  );
  const of = new Map(stages.map(({ id, pipelineId }) => [id, pipelineId]));
  setOptions(catalogue, names.stage, stages, pipelines.length > 1 ? { name: names.pipeline, of } : undefined);
  return items.map((item) => (isNamed(item) ? resolve(item, names, pipelines) : item));
}

function setOptions(
  catalogue: Catalogue,
  name: string,
  values: readonly Named[],
  home?: Property['home'],
): void {
  const property = catalogue.get(name);
  if (property === undefined || values.length === 0) return;
  const { home: _, ...rest } = property;
  const options = new Options(values.map(({ id, label }) => ({ value: id, label })));
  catalogue.put({ ...rest, options, ...(home === undefined ? {} : { home }) });
}

function resolve(keyed: KeyedItem, names: PipelineNames, pipelines: readonly Pipeline[]): KeyedItem {
  const { [names.pipeline]: pipelineText, [names.stage]: stageText, ...rest } = keyed.item.input.properties;
  const pipeline = find(pipelines, pipelineText);
  const homes = pipelines.flatMap((home) => {
    const stage = find(home.stages, stageText);
    return stage === undefined || (pipeline !== undefined && home !== pipeline) ? [] : [{ home, stage }];
  });
  const [place, ...others] = homes;
  const properties: Record<string, InputValue> = { ...rest };
  const notes = [...(keyed.notes ?? [])];
  const isPlaced = place !== undefined && others.length === 0;
  const isBrought = isPlaced && pipelines.length > 1;
  if (pipelineText !== undefined && !isBrought) properties[names.pipeline] = pipeline?.id ?? pipelineText;
  if (isPlaced) properties[names.stage] = place.stage.id;
  else if (others.length > 0) {
    notes.push(`Left out, a stage of several pipelines and no pipeline is named: ${names.stage}.`);
  } else if (pipeline !== undefined && isText(stageText)) {
    notes.push(`Left out, not a stage of the pipeline: ${names.stage}.`);
  } else if (stageText !== undefined) properties[names.stage] = stageText;
  const { item } = keyed;
  return { ...keyed, item: { ...item, input: { ...item.input, properties } }, notes };
}

function isText(value: InputValue | undefined): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** By id, else by label without regard to case. */
function find<Entry extends Named>(
  entries: readonly Entry[],
  text: InputValue | undefined,
): Entry | undefined {
  if (!isText(text)) return undefined;
  const wanted = text.trim();
  return (
    entries.find(({ id }) => id === wanted) ??
    entries.find(({ label }) => label.trim().toLowerCase() === wanted.toLowerCase())
  );
}

function* loadPipelines({ type, settings, cache }: RecordContext): Steps<readonly Pipeline[]> {
  const key = `pipelines:${type}`;
  const cached = cache.get(key);
  // Only this function writes under the key.
  if (Array.isArray(cached)) return cached as readonly Pipeline[];
  const { status, body } = yield* send({
    method: 'GET',
    path: pathsOf(settings.api_version).pipelines(type),
    // A type without pipelines; their properties then are as HubSpot lists them.
    accept: [400, 404],
  });
  const results = status < 300 && isJsonObject(body) && Array.isArray(body['results']) ? body['results'] : [];
  const pipelines = results.flatMap((result: unknown) => {
    const stages = isJsonObject(result) ? result['stages'] : undefined;
    return named(result).map((pipeline) => ({
      ...pipeline,
      stages: inOrder(Array.isArray(stages) ? stages : []).flatMap(named),
    }));
  });
  cache.set(key, pipelines, TTL_MS);
  return pipelines;
}

function inOrder(stages: readonly unknown[]): readonly unknown[] {
  const orderOf = (stage: unknown): number => {
    const order = isJsonObject(stage) ? stage['displayOrder'] : undefined;
    return typeof order === 'number' ? order : 0;
  };
  return stages.toSorted((a, b) => orderOf(a) - orderOf(b));
}

function named(result: unknown): readonly Named[] {
  const id = stringField(result, 'id');
  return id === undefined ? [] : [{ id, label: stringField(result, 'label') ?? id }];
}
