import { z } from 'zod';
import type { Call } from './call.ts';
import { readNewList, refresh } from './lists/index.ts';
import { resolveType } from './objects/object-types.ts';
import { ownerSeedSchema } from './owners/index.ts';
import { readPipeline } from './pipelines/index.ts';
import { createSchema } from './schemas/index.ts';

/** A body as the API takes it. */
const bodySchema = z.record(z.string(), z.unknown());

/** The part of a seed that is about what surrounds records. */
export const relationSeedShape = {
  owners: z.array(ownerSeedSchema).optional(),
  /** Custom objects, on whatever plan. */
  schemas: z.array(bodySchema).optional(),
  /** By object type. */
  pipelines: z.record(z.string(), z.array(bodySchema)).optional(),
  associationLabels: z
    .array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        name: z.string(),
        label: z.string(),
        inverseLabel: z.string().optional(),
      }),
    )
    .optional(),
  lists: z.array(bodySchema).optional(),
};

type RelationSeed = z.output<z.ZodObject<typeof relationSeedShape>>;

export function seedDefinitions(call: Call, given: RelationSeed): void {
  const { portal, now } = call;
  for (const owner of given.owners ?? []) portal.owners.add(owner, now);
  for (const fields of given.schemas ?? []) createSchema(call, fields);
  for (const [name, pipelines] of Object.entries(given.pipelines ?? {})) {
    const { id } = resolveType(portal, name);
    for (const fields of pipelines) portal.pipelines.put(id, readPipeline(call, id, fields, undefined));
  }
  for (const { from, to, name, label, inverseLabel } of given.associationLabels ?? []) {
    const pair = [resolveType(portal, from), resolveType(portal, to)] as const;
    portal.associations.types.addLabel(...pair, { name, label, inverseLabel });
  }
}

export function seedLists(call: Call, given: RelationSeed): void {
  for (const fields of given.lists ?? []) {
    const list = readNewList(call, fields);
    call.portal.lists.add(list);
    if (list.filterBranch !== undefined) refresh(call, list);
  }
}
