/** One message to the receiver, whatever it was made of. */
import type { JsonValue } from '../../kernel/json.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import { send, sha256Hex } from '../../kit/index.ts';
import type { Call, Steps } from '../../kit/index.ts';
import { PATH_REFUSALS, pathRefusal } from './failures.ts';

export interface Message {
  readonly method: Call['method'];
  /** Path and query, below the receiver's origin. */
  readonly target: string;
  /** Whether what was made of an event chose the path, so that a refusal may be about it alone. */
  readonly hasOwnPath: boolean;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON; none when absent. */
  readonly body: JsonValue | undefined;
}

// Standard Webhooks asks senders to stay below 20 kB and to send a reference instead of more. A snapshot of a reader with
// many contracts is larger; a dozen times as much is a mistake.
const BODY_BYTES_MAX = 256 * 1024;

export function* deliver({ method, target, hasOwnPath, id, headers, body }: Message): Steps<Outcome> {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes > BODY_BYTES_MAX) {
    const message = `The body has ${String(bytes)} bytes; ${String(BODY_BYTES_MAX)} are sent at the most.`;
    return { kind: 'rejected', fault: { code: 'webhook.body_too_large', message } };
  }
  const content =
    body === undefined
      ? { headers }
      : typeof body === 'string'
        ? { headers: hasContentType(headers) ? headers : { ...headers, ...TEXT }, text: body }
        : { headers, body };
  const accepted = hasOwnPath ? { accept: PATH_REFUSALS } : {};
  const response = yield* send({ method, path: target, id, ...content, ...accepted });
  if (response.status >= 300) return pathRefusal(response);
  return { kind: 'delivered', remoteId: id };
}

const TEXT = { 'content-type': 'text/plain;charset=utf-8' };

function hasContentType(headers: Message['headers']): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
}

// Names a message in a header and, before a full stop, in what is signed.
const PLAIN_ID = /^[A-Za-z0-9_-]{1,128}$/;

// 128 bits: far beyond chance collisions, and short enough to read in a log.
const DIGEST_HEX_LENGTH = 32;

/** The `webhook-id` for an id of any form: itself when it is plain, so that it can be searched for. */
export function toMessageId(id: string): string {
  return PLAIN_ID.test(id) ? id : `msg_${sha256Hex(id).slice(0, DIGEST_HEX_LENGTH)}`;
}
