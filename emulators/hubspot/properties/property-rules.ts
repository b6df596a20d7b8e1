import { invalid } from '../errors.ts';
import { isFields, readFlag, readList, readText, wrongType } from '../input.ts';
import { PROPERTY_TYPES } from './property.ts';
import type { Property, PropertyInput, PropertyOption, PropertyType } from './property.ts';

/** Which field types a type may have (developers.hubspot.com, properties guide, 2026-04). */
const FIELD_TYPES: Readonly<Record<PropertyType, readonly string[]>> = {
  bool: ['booleancheckbox', 'calculation_equation'],
  enumeration: ['booleancheckbox', 'checkbox', 'radio', 'select', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  string: ['file', 'text', 'textarea', 'html', 'phonenumber', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
  phone_number: ['phonenumber'],
};

const REQUIRED = ['groupName', 'name', 'label', 'type', 'fieldType'] as const;

/** Kept and echoed, without effect here. */
const EXTRAS = [
  'calculationFormula',
  'numberDisplayHint',
  'textDisplayHint',
  'dateDisplayHint',
  'currencyPropertyName',
  'showCurrencySymbol',
  'dataSensitivity',
] as const;

// Documented as lower-case letters, digits and underscores, beginning with a letter.
const NAME = /^[a-z][a-z0-9_]*$/;

/** A new property from `POST`, or a refusal. The wordings are assumed; the rules are documented. */
export function parseNewProperty(input: PropertyInput, nowMs: number): Property {
  const missing = REQUIRED.filter((key) => (readText(input.request, input.fields, key) ?? '') === '');
  if (missing.length > 0) throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  const name = text(input, 'name', '');
  if (!NAME.test(name)) {
    throw invalid(
      `Property name "${name}" is invalid: it must begin with a letter and hold only lower-case letters, digits and underscores`,
    );
  }
  const type = parseType(text(input, 'type', ''));
  const property: Property = {
    name,
    label: text(input, 'label', ''),
    type,
    fieldType: parseFieldType(type, text(input, 'fieldType', '')),
    groupName: text(input, 'groupName', ''),
    description: text(input, 'description', ''),
    options: readOptions(input) ?? [],
    displayOrder: readNumber(input, 'displayOrder') ?? -1,
    hidden: flag(input, 'hidden', false),
    formField: flag(input, 'formField', false),
    hasUniqueValue: flag(input, 'hasUniqueValue', false),
    externalOptions: flag(input, 'externalOptions', false),
    ...referenced(input),
    calculated: false,
    hubspotDefined: false,
    readOnlyValue: false,
    createdAt: nowMs,
    updatedAt: nowMs,
    extras: readExtras(input),
  };
  return withCheckedOptions(property);
}

/** What `PATCH` makes of a property: what it names is replaced, the list of options as a whole. */
export function parsePropertyChange(property: Property, input: PropertyInput, nowMs: number): Property {
  for (const fixed of ['name', 'hasUniqueValue'] as const) {
    const given = input.fields[fixed];
    if (given !== undefined && given !== property[fixed])
      throw invalid(`The ${fixed} of a property cannot be changed`);
  }
  const options = readOptions(input);
  const changesDefinition = ['type', 'fieldType', 'label', 'groupName'].some(
    (key) => input.fields[key] !== undefined,
  );
  if (property.hubspotDefined && changesDefinition)
    throw invalid(`Property "${property.name}" has a read only definition`);
  if (property.hubspotDefined && property.readOnlyValue && options !== undefined) {
    throw invalid(`Property "${property.name}" has read only options`);
  }
  const type = parseType(text(input, 'type', property.type));
  return withCheckedOptions({
    ...property,
    type,
    fieldType: parseFieldType(type, text(input, 'fieldType', property.fieldType)),
    label: text(input, 'label', property.label),
    groupName: text(input, 'groupName', property.groupName),
    description: text(input, 'description', property.description),
    options: options ?? property.options,
    displayOrder: readNumber(input, 'displayOrder') ?? property.displayOrder,
    hidden: flag(input, 'hidden', property.hidden),
    formField: flag(input, 'formField', property.formField),
    extras: { ...property.extras, ...readExtras(input) },
    updatedAt: nowMs,
  });
}

function parseType(given: string): PropertyType {
  const type = PROPERTY_TYPES.find((known) => known === given);
  if (type === undefined)
    throw invalid(`Invalid property type "${given}". Valid types: [${PROPERTY_TYPES.join(', ')}]`);
  return type;
}

function parseFieldType(type: PropertyType, fieldType: string): string {
  // HubSpot's own calculated properties have further field types; they come from the catalogue, not from here.
  if (FIELD_TYPES[type].includes(fieldType) || fieldType.startsWith('calculation_')) return fieldType;
  throw invalid(
    `Field type "${fieldType}" is not valid for type "${type}". Valid: [${FIELD_TYPES[type].join(', ')}]`,
  );
}

function withCheckedOptions(property: Property): Property {
  if (property.type === 'bool' && property.options.length === 0) {
    return { ...property, options: [toOption('Yes', 'true', 0), toOption('No', 'false', 1)] };
  }
  if (property.type !== 'enumeration') return property;
  if (property.options.length === 0 && !property.externalOptions) {
    throw invalid(`Property "${property.name}" of type enumeration needs at least one option`);
  }
  for (const key of ['value', 'label'] as const) {
    const seen = new Set<string>();
    for (const option of property.options) {
      if (seen.has(option[key]))
        throw invalid(`Property options must be unique: duplicate ${key} "${option[key]}"`);
      seen.add(option[key]);
    }
  }
  return property;
}

export function toOption(label: string, value: string, displayOrder: number): PropertyOption {
  return { label, value, displayOrder, hidden: false };
}

function readOptions(input: PropertyInput): PropertyOption[] | undefined {
  return readList(input.request, input.fields, 'options')?.map((option) => {
    if (!isFields(option)) return wrongType(input.request, 'options', 'object', option);
    const part = { request: input.request, fields: option };
    const label = text(part, 'label', '');
    const value = text(part, 'value', '');
    if (label === '' || value === '') throw invalid('Every property option needs a label and a value');
    const description = readText(input.request, option, 'description');
    return {
      ...toOption(label, value, readNumber(part, 'displayOrder') ?? -1),
      hidden: flag(part, 'hidden', false),
      ...(description === undefined ? {} : { description }),
    };
  });
}

function text(input: PropertyInput, key: string, otherwise: string): string {
  return readText(input.request, input.fields, key) ?? otherwise;
}

function flag(input: PropertyInput, key: string, otherwise: boolean): boolean {
  return readFlag(input.request, input.fields, key) ?? otherwise;
}

function readNumber(input: PropertyInput, key: string): number | undefined {
  const value = input.fields[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' ? value : wrongType(input.request, key, 'int', value);
}

function referenced(input: PropertyInput): { referencedObjectType?: string } {
  const type = readText(input.request, input.fields, 'referencedObjectType');
  return type === undefined ? {} : { referencedObjectType: type };
}

function readExtras(input: PropertyInput): Record<string, unknown> {
  return Object.fromEntries(
    EXTRAS.flatMap((key) => (input.fields[key] === undefined ? [] : [[key, input.fields[key]]])),
  );
}
