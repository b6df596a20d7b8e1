/** Which object types a flow's own mapping names, as far as that can be read off without an event. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { objectType } from '../records/object-types.ts';

/** A record that a mapping refers to by type, property and value. */
export interface MappedRef {
  /** Undefined when the event decides. */
  readonly type: string | undefined;
  readonly isById: boolean;
}

/** The records of all references in a mapping, those inside directives included. */
export function mappedRefs(map: JsonValue): readonly MappedRef[] {
  return objectsIn(map).flatMap((each) =>
    Object.hasOwn(each, 'type') && Object.hasOwn(each, 'by')
      ? [{ type: fixedType(each['type']), isById: fixedText(each['by']) === 'id' }]
      : [],
  );
}

/** The object types that a mapping gives for `object`, one undefined where the event decides. */
export function mappedObjects(map: JsonValue): readonly (string | undefined)[] {
  const given = objectsIn(map).flatMap((each) =>
    Object.hasOwn(each, 'object') && Object.hasOwn(each, 'key') ? [fixedType(each['object'])] : [],
  );
  return given.length === 0 ? [undefined] : given;
}

/** Whether an input may have a field: it stands there, or a directive makes the input. */
export function mayHave(map: JsonValue, field: string): boolean {
  return isDirective(map) || (isJsonObject(map) && Object.hasOwn(map, field));
}

// What stands below these is written to HubSpot, whatever it looks like.
const WRITTEN = new Set(['properties', 'contact_properties', 'fields']);

function objectsIn(json: JsonValue): readonly JsonObject[] {
  if (Array.isArray(json)) return json.flatMap(objectsIn);
  if (!isJsonObject(json)) return [];
  const below = Object.entries(json).filter(([key]) => !WRITTEN.has(key));
  return [json, ...below.flatMap(([, each]) => objectsIn(each))];
}

function fixedType(json: JsonValue | undefined): string | undefined {
  const text = fixedText(json);
  return text === undefined ? undefined : objectType(text);
}

function fixedText(json: JsonValue | undefined): string | undefined {
  const literal = isJsonObject(json) ? json['$literal'] : json;
  return typeof literal === 'string' ? literal : undefined;
}

function isDirective(json: JsonValue): boolean {
  return isJsonObject(json) && Object.keys(json).some((key) => key.startsWith('$'));
}
