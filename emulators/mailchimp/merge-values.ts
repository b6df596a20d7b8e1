/** What each kind of merge field takes: https://mailchimp.com/developer/marketing/docs/merge-fields/, read 2026-11. */
import type { FieldError } from './problem.ts';

export const MERGE_FIELD_TYPES = [
  'text',
  'number',
  'address',
  'phone',
  'date',
  'url',
  'imageurl',
  'radio',
  'dropdown',
  'birthday',
  'zip',
] as const;
export type MergeFieldType = (typeof MERGE_FIELD_TYPES)[number];

export interface MergeField {
  readonly merge_id: number;
  readonly tag: string;
  readonly name: string;
  readonly type: MergeFieldType;
  readonly required: boolean;
  readonly default_value: string;
  readonly public: boolean;
  readonly display_order: number;
  readonly help_text: string;
  readonly options: MergeFieldOptions;
}

export interface MergeFieldOptions {
  readonly size?: number | undefined;
  readonly default_country?: number | undefined;
  readonly phone_format?: string | undefined;
  readonly date_format?: string | undefined;
  readonly choices?: readonly string[] | undefined;
}

export type MergeValue = string | number | Readonly<Record<string, string>>;

// Widely known rather than documented (2026-11).
const TEXT_BYTES_MAX = 255;
const ADDRESS_PARTS = ['addr1', 'city', 'state', 'zip'];

/** What is wrong with a value; `undefined` for one that the field takes. The empty text clears any field. */
export function valueError({ tag, type, options }: MergeField, value: unknown): FieldError | undefined {
  if (value === '') return undefined;
  const error = (message: string): FieldError => ({ field: tag, message });
  if (type === 'address') {
    return isAddress(value) ? undefined : error('Please enter a complete address');
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    return error(`Schema describes string, ${value === null ? 'NULL' : typeof value} found instead`);
  }
  const text = String(value);
  switch (type) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? undefined : error('This value should be a valid number.');
    case 'date':
      return isDate(text) ? undefined : error('Please enter the date');
    case 'birthday':
      return /^(0?[1-9]|1[0-2])\/(0?[1-9]|[12]\d|3[01])$/.test(text)
        ? undefined
        : error('Please enter a month (01-12) and a day (01-31)');
    case 'url':
    case 'imageurl':
      return URL.canParse(text) ? undefined : error('Please enter a valid URL.');
    case 'zip':
      return /^\d{5}$/.test(text) ? undefined : error('Please enter a 5 digit zip code.');
    case 'radio':
    case 'dropdown':
      return (options.choices ?? []).includes(text) ? undefined : error('Value must be one of: the choices');
    case 'phone':
      return options.phone_format !== 'US' || /^\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}$/.test(text)
        ? tooLong(tag, text)
        : error('Please enter a valid phone number');
    case 'text':
      return tooLong(tag, text);
  }
}

function tooLong(field: string, text: string): FieldError | undefined {
  return Buffer.byteLength(text) <= TEXT_BYTES_MAX
    ? undefined
    : { field, message: `Please limit your entry to ${String(TEXT_BYTES_MAX)} characters` };
}

function isAddress(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const parts = new Map<string, unknown>(Object.entries(value));
  return (
    [...parts.values()].every((part) => typeof part === 'string') &&
    ADDRESS_PARTS.every((name) => (parts.get(name) ?? '') !== '')
  );
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
