import type { ApiError } from './api-error.ts';
import type { TagType, XAdsState } from './state.ts';

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = new Set([
  'conversion_time',
  'event_id',
  'identifiers',
  'conversion_id',
  'value',
  'price_currency',
  'number_items',
  'description',
  'contents',
]);
const IDENTIFIERS = new Set(['twclid', 'hashed_email', 'hashed_phone_number', 'ip_address', 'user_agent']);
const CONTENT_FIELDS = new Set([
  'content_id',
  'content_name',
  'content_type',
  'content_price',
  'num_items',
  'content_group_id',
]);

// With a zone: https://docs.x.com/x-ads-api/measurement/web-conversions, read 2026-11.
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
const HASH = /^[0-9a-f]{64}$/;

/** Every fault of one row, as X lists them. */
export function faultsOf(
  row: unknown,
  pixel: string,
  tags: ReadonlyMap<string, TagType>,
  { switches }: XAdsState,
): readonly ApiError[] {
  if (!isFields(row)) return [invalid('conversions', 'A conversion must be an object', row)];
  const { conversion_time, event_id, identifiers, value, price_currency, number_items, contents } = row;
  const unknown = (given: Fields, known: ReadonlySet<string>): readonly ApiError[] =>
    Object.keys(given)
      .filter((name) => switches.refuseUnknownFields && !known.has(name))
      .map((name) => invalid(name, `${name} is not a parameter of this endpoint`));
  return [
    ...unknown(row, FIELDS),
    ...(conversion_time === undefined ? [missing('conversion_time')] : []),
    ...(conversion_time !== undefined && !isTime(conversion_time)
      ? [invalid('conversion_time', 'Expected a time of ISO 8601 with a zone', conversion_time)]
      : []),
    ...tagFaults(event_id, pixel, tags),
    ...identifierFaults(identifiers),
    ...(isAbsent(value) || isAmount(value) ? [] : [invalid('value', 'Expected a decimal', value)]),
    ...(isAbsent(price_currency) || isCurrency(price_currency)
      ? []
      : [invalid('price_currency', 'Expected a currency of ISO 4217', price_currency)]),
    ...(isAbsent(number_items) || isCount(number_items)
      ? []
      : [invalid('number_items', 'Expected an int greater than 0', number_items)]),
    ...(isAbsent(contents) ? [] : contentFaults(contents, unknown)),
  ];
}

/** `o87ne`, or `tw-o8z6j-o87ne`; the tag must be there and stand for a single event. */
function tagFaults(eventId: unknown, pixel: string, tags: ReadonlyMap<string, TagType>): readonly ApiError[] {
  if (isAbsent(eventId)) return [missing('event_id')];
  const prefix = `tw-${pixel}-`;
  const id =
    typeof eventId === 'string' && eventId.startsWith(prefix) ? eventId.slice(prefix.length) : eventId;
  const type = typeof id === 'string' ? tags.get(id) : undefined;
  if (type === 'SET') return [];
  if (type !== undefined)
    return [invalid('event_id', `Event tag ${String(id)} is not a single event tag (SET)`)];
  return [{ code: 'WEB_EVENT_TAG_NOT_FOUND', message: 'Web event tag not found', parameter: 'event_id' }];
}

function identifierFaults(identifiers: unknown): readonly ApiError[] {
  const given: readonly unknown[] = Array.isArray(identifiers) ? identifiers : [];
  const known = given.filter(isFields);
  if (known.length < given.length) return [invalid('identifiers', 'Expected a list of objects')];
  const wrong = known.flatMap((one) =>
    Object.entries(one).flatMap(([name, value]) => {
      if (!IDENTIFIERS.has(name)) return [invalid('identifiers', `${name} is not a user identifier`)];
      if (typeof value !== 'string' || value === '') return [invalid(name, 'Expected a string', value)];
      const isHash = name.startsWith('hashed_');
      return isHash && !HASH.test(value)
        ? [invalid(name, `${value} is not a valid SHA-256 hash`, value)]
        : [];
    }),
  );
  const names = new Set(known.flatMap((one) => Object.keys(one)));
  const isSomebody =
    ['twclid', 'hashed_email', 'hashed_phone_number'].some((name) => names.has(name)) ||
    (names.has('ip_address') && names.has('user_agent'));
  if (isSomebody) return wrong;
  return [...wrong, invalid('identifiers', 'At least one user identifier must be provided')];
}

function contentFaults(
  contents: unknown,
  unknown: (given: Fields, known: ReadonlySet<string>) => readonly ApiError[],
): readonly ApiError[] {
  if (!Array.isArray(contents)) return [invalid('contents', 'Expected a list', contents)];
  return contents.flatMap((content: unknown) => {
    if (!isFields(content)) return [invalid('contents', 'Expected a list of objects')];
    const { content_price, num_items } = content;
    return [
      ...unknown(content, CONTENT_FIELDS),
      ...(isAbsent(content_price) || typeof content_price === 'number'
        ? []
        : [invalid('content_price', 'Expected a number', content_price)]),
      ...(isAbsent(num_items) || isCount(num_items)
        ? []
        : [invalid('num_items', 'Expected an int', num_items)]),
    ];
  });
}

function missing(parameter: string): ApiError {
  return { code: 'MISSING_PARAMETER', message: `${parameter} is required`, parameter };
}

function invalid(parameter: string, message: string, value?: unknown): ApiError {
  return { code: 'INVALID_PARAMETER', message, parameter, ...(value === undefined ? {} : { value }) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
}

/** X's page shows `"20.00"` in its sample and says "double" in its table: both are taken. */
function isAmount(value: unknown): boolean {
  if (typeof value === 'number') return value >= 0;
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value);
}

function isCurrency(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
