/** The part of a seed that makes property definitions and records of any type. */
import { z } from 'zod';
import { seedPart } from '../../core/index.ts';
import type { Call } from '../guard.ts';
import { parseNewProperty } from '../properties/property-rules.ts';
import { toObjectCall } from './object-call.ts';
import { CONTACTS, resolveType } from './object-types.ts';
import { toEmail } from './value-rules.ts';
import { applyWrite, checkCreation } from './write-record.ts';

const valuesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** As for the API: groupName, name, label, type, fieldType and what else is wanted. */
const definitionSchema = z.record(z.string(), z.unknown());

const typeName = z.string().min(1);

export const objectSeedShape = {
  /** Groups of properties by object type, before the properties that stand in them. */
  groups: z.record(typeName, z.array(z.strictObject({ name: z.string(), label: z.string() }))).optional(),
  /** A list is for contacts; else by object type. */
  properties: z.union([z.array(definitionSchema), z.record(typeName, z.array(definitionSchema))]).optional(),
  contacts: z
    .array(
      z.strictObject({
        properties: valuesSchema,
        /** Secondary addresses. */
        additionalEmails: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  /** Records by object type: plural, singular, id or qualified name. */
  objects: z.record(typeName, z.array(z.strictObject({ properties: valuesSchema }))).optional(),
  /** What 2026-09 asks of records: fields of the create form, or those that a value asks for. */
  requiredFields: z
    .array(
      z.strictObject({
        objectType: typeName,
        properties: z.array(z.string()),
        when: z.strictObject({ property: z.string(), value: z.string() }).optional(),
      }),
    )
    .optional(),
};

const objectSeedSchema = z.strictObject(objectSeedShape);
type ObjectSeed = z.output<typeof objectSeedSchema>;

export function seedObjects(call: Call, given: ObjectSeed): void {
  const { portal, request, now } = call;
  for (const [name, groups] of Object.entries(given.groups ?? {})) {
    const { id } = resolveType(portal, name);
    for (const group of groups) {
      portal.properties(id).groups.set(group.name, { ...group, displayOrder: -1, archived: false });
    }
  }
  const properties = Array.isArray(given.properties)
    ? { [CONTACTS]: given.properties }
    : (given.properties ?? {});
  for (const [name, definitions] of Object.entries(properties)) {
    const { id } = resolveType(portal, name);
    for (const [at, fields] of definitions.entries()) {
      const path = Array.isArray(given.properties) ? ['properties', at] : ['properties', name, at];
      seedPart(path, () => portal.properties(id).put(parseNewProperty({ request, fields }, now)));
    }
  }
  for (const { objectType, when, ...rule } of given.requiredFields ?? []) {
    const typeId = resolveType(portal, objectType).id;
    portal.requiredFields.add({ typeId, ...rule, ...(when === undefined ? {} : { when }) });
  }
  const contacts = toObjectCall(call, resolveType(portal, CONTACTS));
  for (const [at, { properties: values, additionalEmails = [] }] of (given.contacts ?? []).entries()) {
    const write = seedPart(['contacts', at], () => checkCreation(contacts, values));
    const secondary = additionalEmails.map(toEmail).join(';');
    applyWrite(contacts, {
      ...write,
      changes: secondary === '' ? write.changes : { ...write.changes, hs_additional_emails: secondary },
    });
  }
  for (const [name, records] of Object.entries(given.objects ?? {})) {
    const objects = toObjectCall(
      call,
      seedPart(['objects', name], () => resolveType(portal, name)),
    );
    for (const [at, { properties: values }] of records.entries()) {
      seedPart(['objects', name, at], () => applyWrite(objects, checkCreation(objects, values)));
    }
  }
}
