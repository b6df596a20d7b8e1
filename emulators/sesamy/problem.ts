import type { z } from 'zod';
import { json, Refused } from '../core/index.ts';
import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';

interface ProblemParts {
  readonly details?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The vendor's error body, `{error: {code, message, details}}`: https://developers.sesamy.com/api, read 2026-11. */
export function problem(status: number, code: string, message: string, parts: ProblemParts = {}): Reply {
  const { details, headers } = parts;
  return json(status, { error: { code, message, ...(details === undefined ? {} : { details }) } }, headers);
}

/** An OAuth refusal, after RFC 6749 section 5.2: `{error, error_description}`. */
export function tokenProblem(status: number, error: string, description: string): Reply {
  return json(status, { error, error_description: description });
}

/** A parsed body, or a refusal that names every wrong field. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new Refused(problem(400, 'validation_error', 'The request is not valid', { details }));
}

// The codes are the emulator's own words: the vendor documents the shape of errors and no list of codes.
const REFUSALS: Readonly<Record<RefusalReason, readonly [status: number, code: string, message: string]>> = {
  unknown_route: [404, 'not_found', 'No such route'],
  wrong_method: [405, 'method_not_allowed', 'The route has no such method'],
  wrong_content_type: [415, 'unsupported_media_type', 'Content-Type must be application/json'],
  broken_json: [400, 'invalid_json', 'The body is not JSON'],
  broken_form: [400, 'invalid_form', 'The body is not form-encoded'],
  body_too_large: [413, 'payload_too_large', 'The body is too large'],
  unavailable: [503, 'service_unavailable', 'The service is unavailable'],
  internal: [500, 'internal_error', 'Internal error'],
};

export function refuse(reason: RefusalReason, _request: EmulatorRequest, detail: string): Reply {
  const [status, code, message] = REFUSALS[reason];
  return problem(status, code, message, detail === '' ? {} : { details: detail });
}
