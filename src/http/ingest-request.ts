/**
 * The course of one request to an ingest route, between HTTP and ingest: what it holds in memory is counted from its
 * first byte to its end, and its end is told to the observer.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Hold, Ingest, IngestRequest } from '../ingest/index.ts';
import type { ErrorCode } from '../kernel/error-codes.ts';
import { readBody } from './read-body.ts';

/** What is known of a request while it is under way. */
interface Course {
  readonly hold: Hold;
  readonly startedAtMs: number;
  bytes: number;
  code: ErrorCode | undefined;
}

const COURSE = 'course';

/** Follows every request of the routes of `scope`, and reads its body as bytes. */
export function followRequests(scope: FastifyInstance, ingest: Ingest): void {
  scope.decorateRequest(COURSE, null);
  scope.addHook('onRequest', (request, reply, done) => {
    const course: Course = {
      hold: ingest.intake.open(),
      startedAtMs: ingest.now(),
      bytes: 0,
      code: undefined,
    };
    request.setDecorator(COURSE, course);
    // Comes when the answer is out, and also when the sender hangs up before.
    reply.raw.once('close', () => {
      course.hold.hungUp();
      tellEnd(ingest, course, request, reply);
    });
    done();
  });
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => {
    const course = courseOf(request);
    return readBody(payload, (bytes) => {
      course.bytes += bytes;
      course.hold.take(bytes);
    });
  });
}

/** The handler of a route that takes events in. */
export function receive<Answer>(
  ingest: Ingest,
  accept: (received: IngestRequest, request: FastifyRequest) => Promise<Answer>,
): (request: FastifyRequest) => Promise<Answer> {
  return async (request) => {
    const received = toIngestRequest(request);
    try {
      ingest.admit(received);
      return await accept(received, request);
    } finally {
      received.hold.end();
    }
  };
}

/** Says why a request was refused; requests to other routes have no course and need none. */
export function noteRefusal(request: FastifyRequest, code: ErrorCode): void {
  if (COURSE in request) courseOf(request).code = code;
}

/** The parts of an HTTP request that ingest reads. */
function toIngestRequest(request: FastifyRequest): IngestRequest {
  const writeKey = request.headers['x-write-key'];
  return {
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    contentEncoding: request.headers['content-encoding'],
    authorization: request.headers.authorization,
    writeKeyHeader: typeof writeKey === 'string' ? writeKey : undefined,
    // A socket that listens on IPv6 writes IPv4 addresses as ::ffff:192.0.2.1.
    clientIp: request.ip.replace(/^::ffff:(?=\d+\.)/i, ''),
    hold: courseOf(request).hold,
  };
}

function courseOf(request: FastifyRequest): Course {
  return request.getDecorator<Course>(COURSE);
}

// What nginx logs for a sender that hung up before it was answered.
const HUNG_UP = 499;

function tellEnd(ingest: Ingest, course: Course, request: FastifyRequest, reply: FastifyReply): void {
  const { traceparent, tracestate } = request.headers;
  const endedAtMs = ingest.now();
  ingest.observer.answered({
    route: request.routeOptions.url ?? '',
    status: reply.raw.writableFinished ? reply.raw.statusCode : HUNG_UP,
    code: course.code,
    bytes: course.bytes,
    endedAtMs,
    durationMs: endedAtMs - course.startedAtMs,
    trace: {
      ...(typeof traceparent === 'string' ? { traceparent } : {}),
      ...(typeof tracestate === 'string' ? { tracestate } : {}),
    },
  });
}
