import type { z } from 'zod';
import { json, Refused } from '../core/index.ts';
import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';

/** The text that the vendor's own PHP client reads from a refusal: `message`, else `status` (pindena/make-api-sdk 1.0.2, 2026-11). */
export function refusal(
  status: number,
  message: string,
  errors?: Readonly<Record<string, readonly string[]>>,
): Reply {
  return json(status, { message, ...(errors === undefined ? {} : { errors }) });
}

/** Ends the call with a refusal from anywhere below a route. */
export function refuseCall(
  status: number,
  message: string,
  errors?: Readonly<Record<string, readonly string[]>>,
): never {
  throw new Refused(refusal(status, message, errors));
}

const INVALID = 'The given data was invalid.';

/** A parsed body, or 422 with every wrong field. The shape of `errors` is assumed. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return refuseCall(422, INVALID, errorsOf(parsed.error));
}

/** The wrong fields by their paths, e.g. `0.email`. */
export function errorsOf({ issues }: z.ZodError): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const { path, message } of issues) {
    const field = path.join('.');
    errors[field] = [...(errors[field] ?? []), message];
  }
  return errors;
}

export function refuseFields(errors: Readonly<Record<string, readonly string[]>>): never {
  return refuseCall(422, INVALID, errors);
}

const REFUSALS: Readonly<Record<RefusalReason, readonly [status: number, message: string]>> = {
  unknown_route: [404, 'Not Found'],
  wrong_method: [405, 'Method Not Allowed'],
  wrong_content_type: [415, 'The request must be JSON.'],
  broken_json: [400, 'The request body is not valid JSON.'],
  broken_form: [400, 'The request body is not valid.'],
  body_too_large: [413, 'Payload Too Large'],
  unavailable: [503, 'Service Unavailable'],
  internal: [500, 'Server Error'],
};

export function refuse(reason: RefusalReason, _request: EmulatorRequest, detail: string): Reply {
  const [status, message] = REFUSALS[reason];
  return refusal(status, detail === '' || reason !== 'internal' ? message : `${message}: ${detail}`);
}
