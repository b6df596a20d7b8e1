/** The actions `upsertCustomObjectRecord` and `upsertObject`, which Segment shows as "Custom Object V2". */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { objectType } from '../records/object-types.ts';
import { associationsOf, keyName, labelOf } from './associations.ts';
import type { Draft } from './draft.ts';
import type { Fields } from './fields.ts';
import { listDrafts } from './lists.ts';
import { presenceOf } from './presence.ts';
import { translate } from './translate.ts';

export function upsertCustomObjectRecord(fields: Fields): readonly Draft[] {
  fields.leaveOutAllBut([
    'createNewCustomRecord',
    'customObjectSearchFields',
    'objectType',
    'properties',
    'searchFieldsToAssociateCustomObjects',
    'toObjectType',
    'associationLabel',
  ]);
  const type = fields.fixed('objectType');
  if (typeof type !== 'string') return noFlow(fields, 'objectType', 'The object type is not a fixed text.');
  const key = onlyField(fields, 'customObjectSearchFields');
  if (key === undefined) {
    const reason = 'Records are found by one unique property, and this does not name exactly one.';
    return noFlow(fields, 'customObjectSearchFields', reason);
  }
  fields.place
    .at('customObjectSearchFields')
    .differs(`${key.by} must be unique in HubSpot, and is made so when it does not exist; Segment searches.`);
  if (fields.raw('createNewCustomRecord') === false) {
    fields.place.at('createNewCustomRecord').differs('A record that HubSpot does not have is created.');
  }
  const association = searchedAssociation(fields);
  const properties = fields.get('properties');
  return [
    upsert(type, key, {
      properties: properties === undefined ? {} : { $omit_null: properties },
      ...(association === undefined ? {} : { associations: [association] }),
    }),
  ];
}

function searchedAssociation(fields: Fields): JsonValue | undefined {
  const to = fields.fixed('toObjectType');
  const written = fields.raw('searchFieldsToAssociateCustomObjects');
  if (written === undefined && to === undefined) return undefined;
  const key = onlyField(fields, 'searchFieldsToAssociateCustomObjects');
  const label = fields.raw('associationLabel');
  if (typeof to !== 'string' || key === undefined || label === undefined) {
    return fields.place
      .at('searchFieldsToAssociateCustomObjects')
      .leaveOut('An association needs a fixed object type, one property to find the record by, and a label.');
  }
  const association = { to: { type: to, ...key }, ...labelOf(label, fields.place.at('associationLabel')) };
  const [value = null] = isJsonObject(written) ? Object.values(written) : [];
  const condition = presenceOf(value, 'blank');
  return isJsonObject(condition) ? { $if: { condition, then: association } } : association;
}

/** The one property of a "key: value" field. */
function onlyField(fields: Fields, name: string): Key | undefined {
  const written = fields.raw(name);
  const entries = isJsonObject(written) ? Object.entries(written) : [];
  const [entry, ...others] = entries;
  if (entry === undefined || others.length > 0 || entry[0].startsWith('@')) return undefined;
  const value = translate(entry[1], fields.place.at(name, entry[0]));
  return value === undefined ? undefined : { by: keyName(entry[0]), value };
}

interface Key {
  readonly by: string;
  readonly value: JsonValue;
}

const UPSERT_OBJECT = [
  'object_details',
  'properties',
  'sensitive_properties',
  'association_sync_mode',
  'associations',
  'dissociations',
  'list_details',
  // Of Segment's own batches, which Linchpin's replace, and of Engage, which the list looks at itself.
  'enable_batching',
  'batch_size',
  'batch_keys',
  'timestamp',
  'traits_or_props',
  'computation_key',
  'computation_class',
];

export function upsertObject(fields: Fields): readonly Draft[] {
  fields.leaveOutAllBut(UPSERT_OBJECT);
  const details = fields.raw('object_details');
  const {
    object_type: type,
    id_field_name: by,
    id_field_value: idValue,
  } = isJsonObject(details) ? details : {};
  if (!isJsonObject(details) || typeof type !== 'string' || typeof by !== 'string' || idValue === undefined) {
    const reason = 'Object type and id field are not fixed texts, or the id has no value.';
    return noFlow(fields, 'object_details', reason);
  }
  const place = fields.place.at('object_details');
  const value = translate(idValue, place.at('id_field_value'));
  if (value === undefined) return noFlow(fields, 'object_details', 'The id has no value.');
  const key = { by: keyName(by), value };
  const group = details['property_group'];
  const isCreating = typeof group === 'string' && group !== '';
  remarkOnModes(fields);
  const associations = associationsOf(fields.raw('associations'), fields.place.at('associations'));
  if (fields.raw('dissociations') !== undefined && !isEmptyList(fields.raw('dissociations'))) {
    fields.place.at('dissociations').leaveOut('Linchpin adds associations and removes none.');
  }
  const record = upsert(type, key, {
    properties: propertiesOf(fields, isCreating),
    ...(associations === undefined ? {} : { associations }),
  });
  return [
    {
      ...record,
      options: { ...record.options, ...(isCreating ? { schema: 'create', schema_group: group } : {}) },
    },
    ...listDrafts(fields, { type, by: key.by, written: idValue, value }),
  ];
}

function remarkOnModes(fields: Fields): void {
  const place = fields.place.at('__segment_internal_sync_mode');
  if (fields.syncMode === 'update') place.differs('A record that HubSpot does not have is created.');
  if (fields.syncMode === 'add') place.differs('A record that HubSpot has is updated.');
  if (isEmptyList(fields.raw('associations') ?? [])) return;
  const isReading = fields.raw('association_sync_mode') === 'read';
  fields.place
    .at('association_sync_mode')
    .differs(
      isReading
        ? 'An associated record that HubSpot does not have is waited for; Segment passes over it.'
        : 'An associated record that HubSpot does not have is waited for; Segment creates it.',
    );
}

function propertiesOf(fields: Fields, isCreating: boolean): JsonValue {
  const properties = cleaned(fields.get('properties'), fields, 'properties');
  const sensitive = fields.raw('sensitive_properties');
  if (sensitive === undefined || (isJsonObject(sensitive) && Object.keys(sensitive).length === 0)) {
    return withoutNull(properties);
  }
  if (isCreating) {
    fields.place
      .at('sensitive_properties')
      .leaveOut(
        'Properties that the flow creates are not marked as sensitive; create these in HubSpot first.',
      );
    return { $omit_null: properties };
  }
  const others = cleaned(fields.get('sensitive_properties'), fields, 'sensitive_properties');
  return withoutNull({ $merge: [properties, others] });
}

function withoutNull(properties: JsonValue): JsonValue {
  return isJsonObject(properties) && Object.keys(properties).length === 0 ? {} : { $omit_null: properties };
}

/** Names as Segment rewrites them: lower case, underscores for every other sign. */
function cleaned(properties: JsonValue | undefined, fields: Fields, name: string): JsonValue {
  if (properties === undefined) return {};
  const isFixed = isJsonObject(properties) && !Object.keys(properties).some((key) => key.startsWith('$'));
  if (isFixed) {
    return Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [
        key.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_'),
        value,
      ]),
    );
  }
  fields.place
    .at(name)
    .differs(
      'Names of properties that come with the event stay as they are; Segment writes them in lower case.',
    );
  return properties;
}

function upsert(type: string, key: Key, rest: JsonObject): Draft {
  const isCreatedKey = key.by === 'id' || key.by === 'email' ? {} : { create_key: true };
  switch (objectType(type)) {
    case 'contacts': {
      const identity = key.by === 'email' ? { email: key.value } : { key: { ...key } };
      return { action: 'hubspot/upsert-contact', map: { ...identity, ...rest }, options: isCreatedKey };
    }
    case 'companies':
      return { action: 'hubspot/upsert-company', map: { key: { ...key }, ...rest }, options: isCreatedKey };
    default:
      return {
        action: 'hubspot/upsert-object',
        map: { object: type, key: { ...key }, ...rest },
        options: isCreatedKey,
      };
  }
}

function isEmptyList(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

function noFlow(fields: Fields, name: string, reason: string): readonly Draft[] {
  fields.place.at(name).leaveOut(`${reason} There is no flow for this mapping.`);
  return [];
}
