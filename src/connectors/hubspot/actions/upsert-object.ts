import { defineAction } from '../../../kit/index.ts';
import type { Item } from '../../../kit/index.ts';
import { coalesceRecords, yieldRecord } from '../records/coalesce.ts';
import { objectInputSchema, objectOptionsSchema } from '../records/object-input.ts';
import type { ObjectInput } from '../records/object-input.ts';
import { needsNoCall } from '../records/needs-no-call.ts';
import { pipelineNames } from '../records/pipelines.ts';
import { normaliseKey, refKey } from '../records/record-ref.ts';
import { upsertRecords } from '../records/upsert-records.ts';
import type { Subject } from '../records/draft.ts';
import type { Settings } from '../settings.ts';

export const upsertObject = defineAction<Settings>()({
  id: 'upsert-object',
  title: 'Create or update a record of any object',
  summary:
    'Finds a deal, ticket, product, order, custom object or any other record by a unique property or its id, and sets its properties; creates it when there is none.',
  input: objectInputSchema,
  options: objectOptionsSchema,
  orderKey: ({ object, key }) => refKey({ type: object, ...key }),
  // As for contacts.
  batch: { maxItems: 100, lingerMs: 250 },
  coalesce: (older, newer, options) => coalesceRecords(withPipeline(older), withPipeline(newer), options),
  yieldTo: (older, newer, options) => yieldRecord(withPipeline(older), withPipeline(newer), options),
  needsNoCall: (input, context) => needsNoCall(toSubject({ input, traceId: '', attempt: 1 }), context),
  deliver: (batch, context) => upsertRecords(batch.map(toSubject), context),
});

function toSubject(item: Item<ObjectInput>): Subject {
  return {
    type: item.input.object,
    item: { ...item, input: withPipeline(item.input) },
    keys: [normaliseKey(item.input.key)],
  };
}

/** Pipeline and stage as the properties of the object type that hold them. */
function withPipeline({ pipeline, stage, ...input }: ObjectInput): ObjectInput {
  const names = pipelineNames(input.object);
  return {
    ...input,
    properties: {
      ...input.properties,
      ...(pipeline === undefined ? {} : { [names.pipeline]: pipeline }),
      ...(stage === undefined ? {} : { [names.stage]: stage }),
    },
  };
}
