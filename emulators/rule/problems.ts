/** How each of the two APIs words a refusal. */
import { json, Refused } from '../core/index.ts';
import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';

export type Version = 'v2' | 'v3';

/** By the name of a field, what is wrong with it. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** v2: `{error, message, fields?}`; v3: `{message, errors?}`. */
export function problem(
  version: Version,
  status: number,
  error: string,
  message: string,
  fields?: FieldErrors,
): Reply {
  return version === 'v2'
    ? json(status, { error, message, ...(fields === undefined ? {} : { fields }) })
    : json(status, { message, ...(fields === undefined ? {} : { errors: fields }) });
}

/** Ends the call. */
export function refuse(
  version: Version,
  status: number,
  error: string,
  message: string,
  fields?: FieldErrors,
): never {
  throw new Refused(problem(version, status, error, message, fields));
}

/** What is wrong with the fields of a body: 400 in v2, 422 in v3. */
export function invalid(version: Version, field: string, message: string): never {
  return refuse(version, version === 'v2' ? 400 : 422, 'ValidationError', 'The given data was invalid.', {
    [field]: [message],
  });
}

export function notFound(version: Version, what: string): never {
  return refuse(version, 404, 'NotFound', `No such ${what}.`);
}

export function versionOf({ path }: EmulatorRequest): Version {
  return path.startsWith('/api/v3/') ? 'v3' : 'v2';
}

// But for NotAuthorized, LimitExceed and UnexpectedError, the words are the emulator's own: no others are documented.
const REFUSALS: Readonly<Record<RefusalReason, readonly [status: number, error: string, message: string]>> = {
  unknown_route: [404, 'NotFound', 'No such route.'],
  wrong_method: [405, 'MethodNotAllowed', 'The route has no such method.'],
  wrong_content_type: [415, 'UnsupportedMediaType', 'The body must be application/json.'],
  broken_json: [400, 'BadRequest', 'The body is not JSON.'],
  broken_form: [400, 'BadRequest', 'The body is not JSON.'],
  body_too_large: [413, 'PayloadTooLarge', 'The body is too large.'],
  unavailable: [503, 'ServiceUnavailable', 'The service is unavailable.'],
  internal: [500, 'UnexpectedError', 'An unexpected error occurred.'],
};

export function refuseUnreadable(reason: RefusalReason, request: EmulatorRequest, detail: string): Reply {
  const [status, error, message] = REFUSALS[reason];
  return problem(versionOf(request), status, error, detail === '' ? message : `${message} ${detail}`);
}
