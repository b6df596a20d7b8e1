import type { Readable } from 'node:stream';
import { LinchpinError } from '../kernel/errors.ts';
import { BODY_BYTES_MAX, refuseBodySize } from '../ingest/index.ts';

// A client that is still sending when the answer comes reports a broken connection instead of the answer, and
// tries again for ever. So a body over the limit is read on and thrown away, up to here.
const DISCARDED_BYTES_MAX = 16 * BODY_BYTES_MAX;

/**
 * All bytes of a body; throws when there are too many. `take` is told of each piece before it is kept, and may throw
 * when there is no room for it.
 */
export function readBody(payload: Readable, take: (bytes: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    let refusal: Error | undefined;
    const keep = (chunk: Buffer): void => {
      try {
        take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        refusal = error as Error; // Told at the end: a sender that is still sending would not read it.
      }
    };
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_BYTES_MAX && refusal === undefined) keep(chunk);
      else chunks = [];
      if (length > DISCARDED_BYTES_MAX) {
        payload.pause();
        reject(refuseBodySize());
      }
    });
    payload.on('end', () => {
      if (length > BODY_BYTES_MAX) reject(refuseBodySize());
      else if (refusal !== undefined) reject(refusal);
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
