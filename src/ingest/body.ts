import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LinchpinError } from '../kernel/errors.ts';

const inflate = promisify(gunzip);

/**
 * The largest body, before and after inflating. Segment documents 500 KB; its Ruby and Java clients fill a
 * batch up to 512,000 bytes of events and put the envelope (context, sentAt, write key) on top, for which
 * another 32 KiB are allowed (analytics-ruby 2, analytics-java 3, read 2026-11).
 */
export const BODY_BYTES_MAX = 512_000 + 32 * 1024;

export function refuseBodySize(): LinchpinError {
  return new LinchpinError('ingest.body_too_large', {
    message: `The body is larger than ${String(BODY_BYTES_MAX)} bytes.`,
  });
}

/** The text of a request body, inflated when it came as gzip. */
export async function decodeBody(raw: Buffer, contentEncoding: string | undefined): Promise<string> {
  const bytes = await inflateBody(raw, contentEncoding?.trim().toLowerCase() ?? '');
  if (bytes.length > BODY_BYTES_MAX) throw refuseBodySize();
  if (!isUtf8(bytes)) {
    throw new LinchpinError('ingest.body_not_utf8', { message: 'The body holds bytes that are not UTF-8.' });
  }
  const text = bytes.toString('utf8');
  // .NET's default writer puts a byte order mark in front, which JSON.parse refuses.
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

async function inflateBody(raw: Buffer, encoding: string): Promise<Buffer> {
  switch (encoding) {
    case '':
    case 'identity':
      return raw;
    case 'gzip':
    case 'x-gzip': // RFC 9110 section 8.4.1.3: the same.
      try {
        return await inflate(raw, { maxOutputLength: BODY_BYTES_MAX });
      } catch (cause) {
        // Node's code for more output than maxOutputLength (nodejs.org/api/zlib.html, Node 20).
        if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
          throw refuseBodySize();
        }
        throw new LinchpinError('ingest.gzip_invalid', { message: 'The body is not valid gzip.', cause });
      }
    default:
      throw new LinchpinError('ingest.encoding_unsupported', {
        message: 'The Content-Encoding of the body is neither gzip nor identity.',
        field: 'Content-Encoding',
      });
  }
}

/** The JSON value of a body. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = text.trim() === '' ? 'The body is empty' : 'The body is not valid JSON';
    throw new LinchpinError('ingest.json_invalid', { message: `${reason}${positionIn(cause)}.`, cause });
  }
}

// V8 names the place as "at position 12" (and more words in newer versions); without it the sentence is shorter.
function positionIn(cause: unknown): string {
  const position = cause instanceof SyntaxError ? /position (\d+)/.exec(cause.message)?.[1] : undefined;
  return position === undefined ? '' : `, broken at character ${position}`;
}
