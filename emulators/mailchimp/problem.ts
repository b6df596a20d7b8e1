import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { Refused } from '../core/index.ts';
import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';

/** One wrong field of a request, as `errors` lists them. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

const GLOSSARY = 'https://mailchimp.com/developer/marketing/docs/errors/';

/** The vendor's error body (RFC 7807): https://mailchimp.com/developer/marketing/docs/errors/, read 2026-11. */
export function problem(
  status: number,
  title: string,
  detail: string,
  errors?: readonly FieldError[],
  type: string = GLOSSARY,
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: {
      type,
      title,
      status,
      detail,
      instance: randomUUID(),
      ...(errors === undefined ? {} : { errors }),
    },
  };
}

const INVALID =
  'The resource submitted could not be validated. For field-specific details, see the "errors" array.';

export function invalidFields(errors: readonly FieldError[]): Reply {
  return problem(400, 'Invalid Resource', INVALID, errors);
}

export function invalid(detail: string): Reply {
  return problem(400, 'Invalid Resource', detail);
}

export function notFound(): Reply {
  return problem(404, 'Resource Not Found', 'The requested resource could not be found.');
}

/** A parsed body, or a refusal that names every wrong field. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refused(
    invalidFields(parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }))),
  );
}

const REFUSALS: Readonly<Record<RefusalReason, readonly [status: number, title: string, detail: string]>> = {
  unknown_route: [404, 'Resource Not Found', 'The requested resource could not be found.'],
  wrong_method: [
    405,
    'Method Not Allowed',
    'The requested method and resource are not compatible. See the Allow header for this resource’s available methods.',
  ],
  wrong_content_type: [400, 'JSONParseError', 'We encountered an unspecified JSON parsing error.'],
  broken_json: [400, 'JSONParseError', 'We encountered an unspecified JSON parsing error.'],
  broken_form: [400, 'Bad Request', 'Your request could not be processed.'],
  body_too_large: [413, 'Request Entity Too Large', 'The request is too large.'],
  unavailable: [503, 'Service Unavailable', 'The service is temporarily unavailable.'],
  internal: [
    500,
    'InternalServerError',
    'An unexpected internal error has occurred. Please contact Support for more information.',
  ],
};

export function refuse(reason: RefusalReason, _request: EmulatorRequest, detail: string): Reply {
  const [status, title, text] = REFUSALS[reason];
  const shown = reason === 'internal' && detail !== '' ? `${text} (${detail})` : text;
  return problem(status, title, shown, undefined, reason === 'internal' ? 'about:blank' : GLOSSARY);
}
