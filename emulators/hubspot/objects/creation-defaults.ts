/** What a creation leaves out and HubSpot writes in, as recorded from answers to new records (2026-03). */
import type { ObjectCall } from './object-call.ts';
import { COMPANIES, CONTACTS, TICKETS } from './object-types.ts';

type Changes = Record<string, string>;

export function addDefaults(call: ObjectCall, changes: Changes): void {
  switch (call.type.id) {
    case CONTACTS:
      addLifecycleStage(call, changes);
      break;
    case COMPANIES:
      addLifecycleStage(call, changes);
      if ((changes['domain'] ?? '') !== '') fill(changes, 'website', changes['domain'] ?? '');
      break;
    case TICKETS: {
      const { pipelines } = call.portal;
      const pipeline = changes['hs_pipeline'] ?? pipelines.idsOf(TICKETS)[0] ?? '';
      fill(changes, 'hs_pipeline', pipeline);
      fill(changes, 'hs_pipeline_stage', pipelines.stagesOf(TICKETS, pipeline)[0]?.id ?? '');
      break;
    }
  }
}

/** Both objects with a lifecycle, and only they, move forward alone in it. */
export function hasLifecycle(typeId: string): boolean {
  return typeId === CONTACTS || typeId === COMPANIES;
}

function addLifecycleStage(call: ObjectCall, changes: Changes): void {
  const stage = call.switches.defaultLifecycleStage;
  if (stage !== null) fill(changes, 'lifecyclestage', stage);
}

function fill(changes: Changes, name: string, value: string): void {
  if ((changes[name] ?? '') === '' && value !== '') changes[name] = value;
}
