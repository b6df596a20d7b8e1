/** Records as they are read: what was written and what HubSpot computes from it. */
import type { Portal } from '../portal.ts';
import { makeFormulas } from './formulas.ts';
import type { Formula } from './formulas.ts';
import type { ObjectRecord } from './object-record.ts';
import type { ObjectType } from './object-types.ts';

const formulas = new WeakMap<ObjectType, ReadonlyMap<string, Formula>>();

function formulasOf(type: ObjectType): ReadonlyMap<string, Formula> {
  const known = formulas.get(type);
  if (known !== undefined) return known;
  const made = makeFormulas(type);
  formulas.set(type, made);
  return made;
}

/** All of a record at once, what is not set as undefined. */
export function allOf(
  record: ObjectRecord,
  type: ObjectType,
  portal: Portal,
): Readonly<Record<string, string | undefined>> {
  const all: Record<string, string | undefined> = {};
  for (const [name, formula] of formulasOf(type)) all[name] = formula(record, portal);
  return Object.assign(all, record.values);
}

/** The present value of a property, written or computed. */
export function valueOf(
  record: ObjectRecord,
  name: string,
  type: ObjectType,
  portal: Portal,
): string | undefined {
  const formula = formulasOf(type).get(name);
  return formula === undefined ? record.values[name] : formula(record, portal);
}

/** In every answer. */
export function alwaysShown({ createdProperty, modifiedProperty }: ObjectType): readonly string[] {
  return [createdProperty, 'hs_object_id', modifiedProperty];
}

/** In the answer to an update beside what was touched. */
export function shownWithUpdates(type: ObjectType): readonly string[] {
  return [
    ...alwaysShown(type),
    'hs_object_source',
    'hs_object_source_id',
    'hs_object_source_label',
    'lifecyclestage',
    'hs_pipeline',
  ];
}

/** The address of a record's page; tasks and notes have pages of lists instead (recorded). */
export function urlOf(record: ObjectRecord, portal: Portal): string {
  const base = `https://${portal.uiDomain}`;
  switch (record.typeId) {
    case '0-27':
      return `${base}/tasks/${portal.id}/view/all/task/${record.id}`;
    case '0-46':
      return `${base}/contacts/${portal.id}/objects/0-46/views/all/list?filters=${encodeURIComponent(
        JSON.stringify([{ property: 'hs_object_id', operator: 'EQ', value: record.id }]),
      )}`;
    default:
      return `${base}/contacts/${portal.id}/record/${record.typeId}/${record.id}`;
  }
}
