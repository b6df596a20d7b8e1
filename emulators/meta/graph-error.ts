import { createHash } from 'node:crypto';
import { json } from '../core/index.ts';
import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';

export interface GraphErrorParts {
  readonly type?: string;
  readonly code: number;
  readonly subcode?: number;
  readonly message: string;
  readonly title?: string;
  readonly userMessage?: string;
  readonly isTransient?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The Graph API's error body: https://developers.facebook.com/docs/graph-api/guides/error-handling, read 2026-11. The
 * trace id is made of what was answered, so that runs repeat.
 */
export function graphError(status: number, parts: GraphErrorParts): Reply {
  const { type = 'OAuthException', code, subcode, message, title, userMessage, isTransient = false } = parts;
  return json(
    status,
    {
      error: {
        message,
        type,
        code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        is_transient: isTransient,
        ...(title === undefined ? {} : { error_user_title: title, error_user_msg: userMessage ?? message }),
        fbtrace_id: traceId(`${String(code)} ${message}`),
      },
    },
    parts.headers,
  );
}

// Ids of Meta look like `AvYGhXJ7kEr3m2Qp0TtLzWq`.
const TRACE_CHARACTERS = 22;

export function traceId(seed: string): string {
  return `A${createHash('sha256').update(seed).digest('base64url').slice(0, TRACE_CHARACTERS)}`;
}

/** A wrong parameter: code 100, with the words that Events Manager shows. */
export function badParameter(subcode: number | undefined, title: string, userMessage: string): Reply {
  return graphError(400, {
    code: 100,
    ...(subcode === undefined ? {} : { subcode }),
    message: 'Invalid parameter',
    title,
    userMessage,
  });
}

export function unknownObject(id: string, method: string): Reply {
  return graphError(400, {
    type: 'GraphMethodException',
    code: 100,
    subcode: 33,
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
  });
}

export function voidToken(status: number, subcode?: number): Reply {
  const why =
    subcode === 463 ? 'Error validating access token: Session has expired.' : 'Invalid OAuth access token';
  return graphError(status, {
    code: 190,
    ...(subcode === undefined ? {} : { subcode }),
    message: subcode === undefined ? `${why} - Cannot parse access token` : why,
  });
}

export const HTML_PAGE: Reply = {
  status: 502,
  headers: { 'content-type': 'text/html; charset="utf-8"' },
  body: '<!DOCTYPE html><html lang="en"><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>',
};

/** Meta's words for what the framework refuses. Those without a page of their own are inferred. */
export function refuse(reason: RefusalReason, request: EmulatorRequest, detail: string): Reply {
  switch (reason) {
    case 'unknown_route':
      return graphError(400, { code: 2500, message: `Unknown path components: ${request.path}` });
    case 'wrong_method':
      return graphError(400, { code: 100, message: `Unsupported ${request.method.toLowerCase()} request.` });
    case 'unavailable':
      return graphError(503, { code: 2, message: 'Service temporarily unavailable', isTransient: true });
    case 'internal':
      return graphError(500, { code: 1, message: `An unknown error occurred. ${detail}`.trim() });
    case 'body_too_large':
      return graphError(413, { code: 1, message: 'Please reduce the amount of data you are asking for' });
    case 'wrong_content_type':
    case 'broken_json':
    case 'broken_form':
      return graphError(400, { code: 100, message: '(#100) The parameter data is required' });
  }
}
