import type { z } from 'zod';
import { json, Refused } from '../core/index.ts';
import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/**
 * An error body. The vendor's own WordPress plugin reads any of `detail`, `title`, `message`, `error` and `errors`
 * (2026-11); that the first two come together, as RFC 9457 has them, is inferred.
 */
export function problem(
  status: number,
  title: string,
  detail: string,
  parts: {
    readonly errors?: readonly FieldError[];
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Reply {
  const { errors, headers } = parts;
  return json(status, { status, title, detail, ...(errors === undefined ? {} : { errors }) }, headers);
}

export function notFound(what: string): Refused {
  return new Refused(problem(404, 'Not Found', `No such ${what}.`));
}

export function invalid(errors: readonly FieldError[]): Refused {
  return new Refused(problem(400, 'Bad Request', 'The request is not valid.', { errors }));
}

/** The body after its schema, or a refusal that names every wrong field. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map(({ path, message, ...issue }) => ({
      field: [...path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])].join('.'),
      message,
    })),
  );
}

const REFUSALS: Readonly<Record<RefusalReason, readonly [status: number, title: string]>> = {
  unknown_route: [404, 'Not Found'],
  wrong_method: [405, 'Method Not Allowed'],
  wrong_content_type: [415, 'Unsupported Media Type'],
  broken_json: [400, 'Bad Request'],
  broken_form: [400, 'Bad Request'],
  body_too_large: [413, 'Payload Too Large'],
  unavailable: [503, 'Service Unavailable'],
  internal: [500, 'Internal Server Error'],
};

export function refuse(reason: RefusalReason, _request: EmulatorRequest, detail: string): Reply {
  const [status, title] = REFUSALS[reason];
  return problem(status, title, detail === '' ? `${title}.` : detail);
}
