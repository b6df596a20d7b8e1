import { Refused } from '../core/index.ts';
import type { EmulatorRequest } from '../core/index.ts';
import { errorReply, invalid } from './errors.ts';

/** A JSON object of a body whose shape is not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

// Documented for every batch endpoint of the CRM objects and properties API.
const BATCH_INPUTS_MAX = 100;

/** Reads bodies as HubSpot's Jackson does: a wrong type is a 400 that names a place in the text, without category. */
export function readObject(request: EmulatorRequest): Fields {
  const body = request.json();
  return isFields(body) ? body : wrongType(request, '', 'object', body);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function wrongType(request: EmulatorRequest, key: string, wanted: string, value: unknown): never {
  const text = request.body.toString('utf8');
  const at = key === '' ? 0 : Math.max(0, text.indexOf(JSON.stringify(key)));
  const before = text.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const token = Array.isArray(value)
    ? 'Array'
    : isFields(value)
      ? 'Object'
      : value === null
        ? 'Null'
        : 'Scalar';
  throw new Refused(
    errorReply(400, {
      message: `Invalid input JSON on line ${before.length}, column ${column}: Cannot deserialize value of type \`${wanted}\` from ${token} value`,
    }),
  );
}

/** A text, where Jackson also takes numbers and booleans. */
export function readText(request: EmulatorRequest, fields: Fields, key: string): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return wrongType(request, key, 'java.lang.String', value);
}

export function readFlag(request: EmulatorRequest, fields: Fields, key: string): boolean | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return wrongType(request, key, 'boolean', value);
}

export function readList(
  request: EmulatorRequest,
  fields: Fields,
  key: string,
): readonly unknown[] | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value)
    ? (value as readonly unknown[])
    : wrongType(request, key, 'java.util.ArrayList', value);
}

export function readTexts(request: EmulatorRequest, fields: Fields, key: string): string[] | undefined {
  return readList(request, fields, key)?.map((value) =>
    typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : wrongType(request, key, 'java.lang.String', value),
  );
}

/** The inputs of a batch: objects, at least one, at most 100. The wording of the two limits is assumed. */
export function readInputs(request: EmulatorRequest, body: Fields, max = BATCH_INPUTS_MAX): Fields[] {
  const inputs = readList(request, body, 'inputs');
  if (inputs === undefined || inputs.length === 0)
    throw invalid('Some required fields were not set: [inputs]');
  if (inputs.length > max) {
    throw invalid(
      `The maximum number of inputs supported in a batch request is ${max}. Found ${inputs.length}`,
    );
  }
  return inputs.map((input) => (isFields(input) ? input : wrongType(request, 'inputs', 'object', input)));
}

/** `?properties=a,b&properties=c` */
export function readNames(query: URLSearchParams, key: string): string[] {
  return query
    .getAll(key)
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
