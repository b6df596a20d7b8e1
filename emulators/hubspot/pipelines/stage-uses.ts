import { Refused } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { errorReply } from '../errors.ts';
import { hasLifecycle } from '../objects/creation-defaults.ts';
import { stagePropertiesOf } from '../objects/stages.ts';

// Enough to find them; a stage may hold a million records.
const OBJECT_IDS_SHOWN = 100;

/** Refuses to take stages away that records are in. Status, category and sub-category are documented. */
export function refuseUsed(call: Call, typeId: string, stageIds: readonly string[]): void {
  const names = stagePropertiesOf(typeId);
  const property = hasLifecycle(typeId) ? 'lifecyclestage' : names.stage;
  const usedStages = new Set<string>();
  const objectIds: string[] = [];
  for (const { id, values, archivedAt } of call.portal.records(typeId).all()) {
    const stage = values[property];
    if (archivedAt !== undefined || stage === undefined || !stageIds.includes(stage)) continue;
    usedStages.add(stage);
    if (objectIds.length < OBJECT_IDS_SHOWN) objectIds.push(id);
  }
  if (usedStages.size === 0) return;
  throw new Refused(
    errorReply(400, {
      message: `Stage IDs: [${[...usedStages].join(', ')}] are being referenced by object IDs: [${objectIds.join(', ')}]`,
      category: 'VALIDATION_ERROR',
      subCategory: 'PipelineError.STAGE_ID_IN_USE',
      context: { stageIds: [...usedStages], objectIds },
    }),
  );
}
