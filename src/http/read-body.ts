import type { Readable } from 'node:stream';
import { LinchpinError } from '../kernel/errors.ts';
import { BODY_BYTES_MAX, refuseBodySize } from '../ingest/index.ts';

// A client that is still sending when the answer comes reports a broken connection instead of the answer, and
// tries again for ever. So a body over the limit is read on and thrown away, up to here.
const DISCARDED_BYTES_MAX = 16 * BODY_BYTES_MAX;

/** All bytes of a body; throws when there are too many. */
export function readBody(payload: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_BYTES_MAX) chunks.push(chunk);
      else chunks = [];
      if (length > DISCARDED_BYTES_MAX) {
        payload.pause();
        reject(refuseBodySize());
      }
    });
    payload.on('end', () => {
      if (length > BODY_BYTES_MAX) reject(refuseBodySize());
      else
        resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length));
    });
    payload.on('error', (cause) => {
      reject(
        new LinchpinError('http.request_malformed', {
          message: 'The body ended before it was complete.',
          cause,
        }),
      );
    });
  });
}
