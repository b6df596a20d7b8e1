import type { ObjectType } from '../objects/object-types.ts';
import type { Property } from '../properties/property.ts';
import { showProperty } from '../properties/property.ts';

/** One direction of what a custom object may be associated with. */
export interface AssociationDefinition {
  readonly id: string;
  readonly fromObjectTypeId: string;
  readonly toObjectTypeId: string;
  readonly name: string;
  readonly createdAt: number;
}

/** A custom object's definition. Replaced, never changed in place. */
export interface Schema {
  /** `2-N` */
  readonly objectTypeId: string;
  readonly name: string;
  readonly fullyQualifiedName: string;
  readonly labels: { readonly singular: string; readonly plural: string };
  readonly description?: string;
  readonly primaryDisplayProperty?: string;
  readonly secondaryDisplayProperties: readonly string[];
  readonly requiredProperties: readonly string[];
  readonly searchableProperties: readonly string[];
  readonly allowsSensitiveProperties: boolean;
  readonly associations: readonly AssociationDefinition[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly userId: number;
  readonly archivedAt?: number;
}

const CUSTOM_SCOPES = {
  read: ['crm.objects.custom.read'],
  write: ['crm.objects.custom.write'],
  readSchema: ['crm.schemas.custom.read', 'crm.objects.custom.read'],
  writeSchema: ['crm.schemas.custom.write'],
};

/** The kind of records that a schema makes possible. */
export function toObjectType(schema: Schema): ObjectType {
  return {
    id: schema.objectTypeId,
    singular: schema.name,
    plural: schema.fullyQualifiedName,
    messageName: schema.fullyQualifiedName.toUpperCase(),
    fullyQualifiedName: schema.fullyQualifiedName,
    scopes: CUSTOM_SCOPES,
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    required: schema.requiredProperties,
    requiredOnPaper: [],
    requiredAny: [],
    shownByDefault: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    searchable: schema.searchableProperties,
    echoed: [],
    isReadOnly: false,
  };
}

/** What an answer holds besides the definition itself. */
export interface SchemaParts {
  readonly properties: readonly Property[] | undefined;
  readonly hasAssociations: boolean;
  readonly hasAudit: boolean;
}

export function showSchema(schema: Schema, parts: SchemaParts): Record<string, unknown> {
  const { archivedAt, associations, createdAt, updatedAt, userId, ...shown } = schema;
  return {
    ...shown,
    id: schema.objectTypeId.slice(2),
    ...(parts.hasAssociations ? { associations: associations.map(showAssociation) } : {}),
    ...(parts.properties === undefined ? {} : { properties: parts.properties.map(showProperty) }),
    ...(parts.hasAudit ? { createdByUserId: userId, updatedByUserId: userId } : {}),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    archived: archivedAt !== undefined,
  };
}

export function showAssociation(definition: AssociationDefinition): Record<string, unknown> {
  const at = new Date(definition.createdAt).toISOString();
  return {
    ...definition,
    cardinality: 'ONE_TO_MANY',
    inverseCardinality: 'ONE_TO_MANY',
    createdAt: at,
    updatedAt: at,
  };
}
