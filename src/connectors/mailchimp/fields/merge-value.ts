import type { JsonValue } from '../../../kernel/json.ts';
import type { ApiMergeField } from '../api.ts';
import type { MergeFieldInput } from '../members/member-input.ts';

/** A value as the field takes it, or why it cannot. */
export type MergeValue = { readonly value: JsonValue; readonly note?: string } | { readonly unfit: string };

// Mailchimp's text fields hold 255 bytes; it says so nowhere, and refuses the contact for one more (2026-11).
const TEXT_BYTES_MAX = 255;

/**
 * A value for a field of the type that the audience has given it, which may be another than the one it would be made
 * with. A value that Mailchimp refuses costs the whole contact, so none is sent that it is known to refuse.
 * Types: https://mailchimp.com/developer/marketing/docs/merge-fields/, read 2026-11.
 */
export function toMergeValue({ type, options }: ApiMergeField, given: MergeFieldInput): MergeValue {
  if (given === '') return { value: '' };
  if (type === 'address') {
    return typeof given === 'object' ? { value: defined(given) } : { unfit: 'no address' };
  }
  if (typeof given === 'object') return { unfit: 'an address in a field that holds none' };
  const text = String(given);
  switch (type) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? { value: Number(text) } : { unfit: 'no number' };
    case 'date':
      return /^\d{4}-\d\d-\d\d/.test(text) ? { value: text.slice(0, 10) } : { unfit: 'no date' };
    case 'birthday':
      return toBirthday(text);
    case 'phone':
      return options?.phone_format === 'US' ? toUsPhone(text) : toText(text);
    case 'zip':
      return /^\d{5}$/.test(text) ? { value: text } : { unfit: 'no five digits' };
    case 'radio':
    case 'dropdown':
      return (options?.choices ?? []).includes(text) ? { value: text } : { unfit: 'none of its choices' };
    case 'url':
    case 'imageurl':
      return URL.canParse(text) ? { value: text } : { unfit: 'no address of a page' };
    default:
      return toText(text);
  }
}

function toText(text: string): MergeValue {
  const value = cut(text);
  return value === text ? { value } : { value, note: `cut to ${String(TEXT_BYTES_MAX)} bytes` };
}

/** Whole characters, so that none is left half. */
function cut(text: string): string {
  const encoder = new TextEncoder();
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > TEXT_BYTES_MAX) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function toBirthday(text: string): MergeValue {
  const [, month, day] = /^(?:\d{4}-)?(\d\d)[-/](\d\d)/.exec(text) ?? [];
  return month === undefined || day === undefined
    ? { unfit: 'no day of a year' }
    : { value: `${month}/${day}` };
}

function toUsPhone(text: string): MergeValue {
  const [, area, exchange, line] = /^1?(\d{3})(\d{3})(\d{4})$/.exec(text.replace(/\D/g, '')) ?? [];
  return area === undefined || exchange === undefined || line === undefined
    ? { unfit: 'no number of the United States, which the field is set to' }
    : { value: `(${area}) ${exchange}-${line}` };
}

function defined({ addr2, country, ...rest }: Exclude<MergeFieldInput, string | number>): JsonValue {
  return {
    ...rest,
    ...(addr2 === undefined ? {} : { addr2 }),
    ...(country === undefined ? {} : { country }),
  };
}
