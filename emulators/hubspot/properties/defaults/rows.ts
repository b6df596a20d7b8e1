/** How the definitions of a fresh account are written down: many names in a row, told apart by kind and group. */
import { toOption } from '../property-rules.ts';
import type { Property, PropertyGroup, PropertyOption, PropertyType } from '../property.ts';

export interface Definitions {
  /** Names and labels, in their order. */
  readonly groups: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  /** Where the label is not just the name in words. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Names, separated by blanks, of what a formula computes rather than an event. */
  readonly calculated?: string;
}

type Kind =
  | 'text'
  | 'textarea'
  | 'phone'
  | 'number'
  | 'bool'
  | 'date'
  | 'datetime'
  | 'select'
  | 'checkbox'
  | 'owner'
  /** A pipeline or a stage: its options are those of the account's pipelines. */
  | 'stage';

const KINDS: Readonly<Record<Kind, readonly [PropertyType, string]>> = {
  text: ['string', 'text'],
  textarea: ['string', 'textarea'],
  phone: ['string', 'phonenumber'],
  number: ['number', 'number'],
  bool: ['bool', 'booleancheckbox'],
  date: ['date', 'date'],
  datetime: ['datetime', 'date'],
  select: ['enumeration', 'select'],
  checkbox: ['enumeration', 'checkbox'],
  owner: ['enumeration', 'select'],
  stage: ['enumeration', 'radio'],
};

export interface Row {
  readonly kind: Kind;
  readonly group: string;
  readonly isReadOnly: boolean;
  /** Separated by blanks. */
  readonly names: string;
  readonly options?: readonly PropertyOption[];
}

export const write = (kind: Kind, group: string, names: string, list?: readonly PropertyOption[]): Row => ({
  kind,
  group,
  isReadOnly: false,
  names,
  ...(list === undefined ? {} : { options: list }),
});

export const read = (kind: Kind, group: string, names: string, list?: readonly PropertyOption[]): Row => ({
  ...write(kind, group, names, list),
  isReadOnly: true,
});

/** What every record has, whatever it is, in the group of its type. */
export function commonRows(group: string): Row[] {
  return [
    write('owner', group, 'hubspot_owner_id'),
    read('text', group, 'hs_unique_creation_key'),
    read('owner', group, 'hubspot_team_id'),
    read('number', group, 'hs_object_id'),
    read('datetime', group, 'hs_createdate hs_lastmodifieddate hubspot_owner_assigneddate'),
    read('checkbox', group, 'hs_all_owner_ids hs_all_team_ids hs_user_ids_of_all_owners'),
    read('text', group, 'hs_merged_object_ids hs_created_by_user_id hs_updated_by_user_id'),
    read('text', group, 'hs_object_source hs_object_source_id hs_object_source_label'),
    read('text', group, 'hs_object_source_detail_1 hs_object_source_detail_2 hs_object_source_detail_3'),
    read('text', group, 'hs_object_source_user_id'),
    read('bool', group, 'hs_read_only hs_was_imported'),
  ];
}

/** Values with their labels; from a list of names the labels are the names in words. */
export function options(given: Readonly<Record<string, string>> | string): PropertyOption[] {
  const labels =
    typeof given === 'string'
      ? given.split(' ').map((value) => [value, toLabel(value)])
      : Object.entries(given);
  return labels.map(([value = '', label = ''], index) => toOption(label, value, index));
}

export function groupsOf({ groups }: Definitions): PropertyGroup[] {
  return Object.entries(groups).map(([name, label], displayOrder) => ({
    name,
    label,
    displayOrder,
    archived: false,
  }));
}

export function propertiesOf(definitions: Definitions): Property[] {
  const calculated = new Set(definitions.calculated?.split(' '));
  return definitions.rows.flatMap((row) =>
    row.names
      .split(' ')
      .map((name) => toProperty(name, row, definitions.labels?.[name], calculated.has(name))),
  );
}

function toProperty(name: string, row: Row, label: string | undefined, isCalculated: boolean): Property {
  const [type, fieldType] = KINDS[row.kind];
  const isOwner = row.kind === 'owner';
  return {
    name,
    label: label ?? toLabel(name),
    type,
    fieldType: isCalculated ? 'calculation_equation' : fieldType,
    groupName: row.group,
    description: '',
    options:
      type === 'bool' ? [toOption('True', 'true', 0), toOption('False', 'false', 1)] : (row.options ?? []),
    displayOrder: -1,
    hidden: false,
    formField: !row.isReadOnly,
    // The one property that is unique in every account; `email` is not, although it identifies contacts.
    hasUniqueValue: name === 'hs_unique_creation_key',
    externalOptions: isOwner,
    ...(isOwner ? { referencedObjectType: 'OWNER' } : {}),
    calculated: isCalculated,
    hubspotDefined: true,
    readOnlyValue: row.isReadOnly,
    // Dates of HubSpot's own definitions say nothing; recorded ones are years old.
    createdAt: Date.UTC(2020, 0, 1),
    updatedAt: Date.UTC(2020, 0, 1),
    extras: {},
  };
}

function toLabel(name: string): string {
  const words = name.replace(/^hs_/, '').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
