import { isJsonObject } from '../../kernel/json.ts';
import type { Fault } from '../../kernel/outcome.ts';
import { stringField } from '../../kit/index.ts';
import type { CallResponse } from '../../kit/index.ts';

/**
 * What is safe to keep of a HubSpot error, a whole answer's or one row's. Its messages quote the refused
 * values, so only codes, names of properties and ids are read out of them.
 */
export interface VendorError {
  readonly code: string | undefined;
  readonly propertyNames: readonly string[];
  /** The record that already holds the e-mail address. */
  readonly holderId: string | undefined;
  /** The unique property whose value another record holds. */
  readonly takenProperty: string | undefined;
}

// Wire literals seen 2026: the 409 of a create, and a 400 whose second id is the holder (the first one was
// given to the record that never came to be). No field carries the id, so the text must be read:
//   Contact already exists. Existing ID: 37765128953
//   Cannot set PropertyValueCoordinates{…, propertyName=email, value=a@b.c} on 210001. 37765128953 already has that value.
const EXISTING_ID = /Existing ID: (\d+)/;
// Other properties may be unique too: whoever holds a member number is not the person who has the address.
const TAKEN =
  /^Cannot set PropertyValueCoordinates\{[^]*?\bpropertyName=(\w+), [^]*\. (\d+) already has that value\.?$/;

// `Property values were not valid: [{"isValid":false,…,"error":"PROPERTY_DOESNT_EXIST","name":"x",…}]`
const INLINE_CODE = /"error":"([A-Z_]+)"/;
const INLINE_NAMES = /"name":"(\w+)"/g;

export function readVendorError(body: unknown): VendorError {
  const message = stringField(body, 'message') ?? '';
  const details = isJsonObject(body) && Array.isArray(body['errors']) ? body['errors'] : [];
  const code =
    details.map((detail: unknown) => stringField(detail, 'code')).find((found) => found !== undefined) ??
    INLINE_CODE.exec(message)?.[1] ??
    stringField(body, 'subCategory') ??
    stringField(body, 'category') ??
    stringField(body, 'policyName');
  const named = details.flatMap((detail: unknown) => contextStrings(detail, 'propertyName'));
  const [, taken, holder] = TAKEN.exec(message) ?? [];
  const inline = [...message.matchAll(INLINE_NAMES)].map(([, name]) => name ?? '');
  const names = named.length > 0 ? named : taken === undefined ? inline : [taken];
  return {
    code,
    propertyNames: [...new Set(names)],
    takenProperty: taken ?? (code === 'CONFLICTING_UNIQUE_VALUE' ? names[0] : undefined),
    holderId: EXISTING_ID.exec(message)?.[1] ?? (taken === 'email' ? holder : undefined),
  };
}

/** A fault in HubSpot's own words, without the values that it refused. */
export function toFault(body: unknown, status?: number): Fault {
  const { code, propertyNames } = readVendorError(body);
  const requestId = stringField(body, 'correlationId');
  const scopes = missingScopes(body);
  const about = [
    ...(propertyNames.length === 0 ? [] : [`properties ${propertyNames.join(', ')}`]),
    ...(scopes.length === 0 ? [] : [`scopes ${scopes.join(', ')}`]),
  ].join('; ');
  return {
    code: `hubspot.${code ?? (status === undefined ? 'error' : `http_${String(status)}`)}`,
    message: `HubSpot refused: ${code ?? `status ${String(status)}`}${about === '' ? '' : ` (${about})`}.`,
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** The connector's `describeFailure`. */
export function describeFailure(response: CallResponse): Fault {
  const requestId = response.headers['x-hubspot-correlation-id'];
  return { ...(requestId === undefined ? {} : { requestId }), ...toFault(response.body, response.status) };
}

/** The scopes that a 403 asks for. */
export function missingScopes(body: unknown): readonly string[] {
  if (!isJsonObject(body) || !Array.isArray(body['errors'])) return [];
  return body['errors'].flatMap((detail: unknown) => contextStrings(detail, 'requiredGranularScopes'));
}

/** A list of the `context` of an error, where HubSpot says what it is about. */
export function contextStrings(error: unknown, name: string): readonly string[] {
  const context = isJsonObject(error) ? error['context'] : undefined;
  const list = isJsonObject(context) ? context[name] : undefined;
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
