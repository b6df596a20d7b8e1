import { json } from '../core/index.ts';
import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';

export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly parameter?: string;
  readonly details?: string;
  readonly value?: unknown;
}

/** X's error body: https://docs.x.com/x-ads-api/fundamentals/error-codes-and-responses, read 2026-11. */
export function apiErrors(
  status: number,
  errors: readonly ApiError[],
  headers?: Readonly<Record<string, string>>,
): Reply {
  return json(status, { errors, request: { params: {} } }, headers);
}

export function apiError(status: number, code: string, message: string, parameter?: string): Reply {
  return apiErrors(status, [{ code, message, ...(parameter === undefined ? {} : { parameter }) }]);
}

const REFUSALS: Readonly<Record<RefusalReason, readonly [status: number, code: string, message: string]>> = {
  unknown_route: [404, 'ROUTE_NOT_FOUND', 'The requested resource could not be found'],
  wrong_method: [405, 'METHOD_NOT_ALLOWED', 'The HTTP method is not allowed for this resource'],
  wrong_content_type: [400, 'INVALID_PARAMETER', 'The request body must be application/json'],
  broken_json: [400, 'INVALID_PARAMETER', 'The request body is not valid JSON'],
  broken_form: [400, 'INVALID_PARAMETER', 'The request body is not valid'],
  body_too_large: [413, 'REQUEST_TOO_COMPLEX', 'The request is too large'],
  unavailable: [503, 'SERVICE_UNAVAILABLE', 'The service is temporarily unavailable'],
  internal: [500, 'INTERNAL_ERROR', 'An internal error occurred'],
};

export function refuse(reason: RefusalReason, _request: EmulatorRequest, detail: string): Reply {
  const [status, code, message] = REFUSALS[reason];
  return apiErrors(status, [{ code, message, ...(detail === '' ? {} : { details: detail }) }]);
}
