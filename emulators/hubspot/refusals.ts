import type { EmulatorRequest, RefusalReason, Reply } from '../core/index.ts';
import { errorReply } from './errors.ts';

/** What HubSpot says where the framework refuses. 404 is recorded; the wordings of the others are assumed. */
export function refuseUnreadable(reason: RefusalReason, request: EmulatorRequest, detail: string): Reply {
  switch (reason) {
    case 'unknown_route':
      return errorReply(404, { message: 'resource not found' });
    case 'wrong_method':
      return errorReply(405, { message: 'HTTP 405 Method Not Allowed' });
    case 'wrong_content_type':
      return errorReply(415, { message: 'HTTP 415 Unsupported Media Type' });
    case 'broken_json': {
      const [line, column] = placeOf(request.body.toString('utf8'), detail);
      return errorReply(400, { message: `Invalid input JSON on line ${line}, column ${column}: ${detail}` });
    }
    case 'broken_form':
      return errorReply(400, { message: 'Invalid form', category: 'VALIDATION_ERROR' });
    case 'body_too_large':
      return errorReply(413, { message: 'HTTP 413 Request Entity Too Large' });
    case 'unavailable':
      return errorReply(503, { message: 'Service Unavailable' });
    case 'internal':
      return errorReply(500, { message: `internal error of the emulator: ${detail}` });
  }
}

/** JSON.parse tells the offset of most mistakes ("… at position 17"). */
function placeOf(text: string, detail: string): [line: number, column: number] {
  const offset = Number(/position (\d+)/.exec(detail)?.[1] ?? text.length);
  const before = text.slice(0, offset).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
