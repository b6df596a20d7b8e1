import { Catalogue } from './catalogue.ts';
import { decideUnread } from './decide-unread.ts';
import { toDraft } from './draft.ts';
import { isLinked } from './link-upserted.ts';
import { pipelineNames } from './pipelines.ts';
import { knownRecord } from './prepare.ts';
import { findMissingOptions } from './property-options.ts';
import type { UpsertContext } from './record-context.ts';
import { growingProperties } from './record-options.ts';
import type { Subject } from './draft.ts';

/**
 * Whether an input repeats what HubSpot acknowledged last, or asks for what a rule forbids anyway, so that no call
 * follows from it. Whatever would first have to be asked or made counts as a call.
 */
export function needsNoCall(subject: Subject, upsert: UpsertContext): boolean {
  if ('refused' in subject) return true;
  const context = { ...upsert, type: subject.type };
  const { input } = subject.item;
  const catalogue = Catalogue.cached(context, Object.keys(input.properties));
  const known = knownRecord(subject, context);
  if (catalogue === undefined || known === undefined) return false;
  const names = pipelineNames(context.type);
  const isPlain =
    !Object.hasOwn(input.properties, names.pipeline) && !Object.hasOwn(input.properties, names.stage);
  const { options } = context;
  const isCreating =
    options.schema === 'create' || options.ensure.some(({ name }) => catalogue.get(name) === undefined);
  const isComplete = Object.keys(input.properties).every((name) => catalogue.get(name) !== undefined);
  if (!isPlain || (isCreating && !isComplete)) return false;
  if (findMissingOptions([input], catalogue, growingProperties(options)).size > 0) return false;
  if (!isLinked(input.associations ?? [], known)) return false;
  return decideUnread(toDraft(subject, catalogue, context, new Set()), known)?.isChange === false;
}
