import type { EmulatorRequest } from '../../core/index.ts';

export const PROPERTY_TYPES = [
  'bool',
  'date',
  'datetime',
  'enumeration',
  'number',
  'phone_number',
  'string',
] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
  readonly description?: string;
}

/** A property's definition. Replaced, never changed in place. */
export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly groupName: string;
  readonly description: string;
  readonly options: readonly PropertyOption[];
  readonly displayOrder: number;
  readonly hidden: boolean;
  readonly formField: boolean;
  readonly hasUniqueValue: boolean;
  readonly externalOptions: boolean;
  readonly referencedObjectType?: string;
  readonly calculated: boolean;
  readonly hubspotDefined: boolean;
  readonly readOnlyValue: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt?: number;
  readonly extras: Readonly<Record<string, unknown>>;
}

/** Creations and changes as recorded: a custom property's reply has no `hubspotDefined`. */
export function showProperty(property: Property): Record<string, unknown> {
  const { hubspotDefined, archivedAt } = property;
  return {
    updatedAt: new Date(property.updatedAt).toISOString(),
    createdAt: new Date(property.createdAt).toISOString(),
    name: property.name,
    label: property.label,
    type: property.type,
    fieldType: property.fieldType,
    description: property.description,
    groupName: property.groupName,
    options: property.options,
    displayOrder: property.displayOrder,
    calculated: property.calculated,
    externalOptions: property.externalOptions,
    ...(property.referencedObjectType === undefined
      ? {}
      : { referencedObjectType: property.referencedObjectType }),
    archived: archivedAt !== undefined,
    ...(archivedAt === undefined ? {} : { archivedAt: new Date(archivedAt).toISOString() }),
    hasUniqueValue: property.hasUniqueValue,
    hidden: property.hidden,
    ...(hubspotDefined ? { hubspotDefined } : {}),
    modificationMetadata: {
      archivable: !hubspotDefined,
      readOnlyDefinition: hubspotDefined,
      // HubSpot's own lists may get more options, except where the values are HubSpot's doing.
      ...(property.type === 'enumeration' ? { readOnlyOptions: property.readOnlyValue } : {}),
      readOnlyValue: property.readOnlyValue,
    },
    formField: property.formField,
    ...property.extras,
  };
}

export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly archived: boolean;
}

/** Reads one property's input; the rules of what may be in it live in `property-rules.ts`. */
export interface PropertyInput {
  readonly request: EmulatorRequest;
  readonly fields: Readonly<Record<string, unknown>>;
}
