import type { EmulatorRequest, Method, Reply, Route } from '../core/index.ts';
import { play } from './answers.ts';
import type { Answer } from './answers.ts';
import { eventProblems } from './event-problems.ts';
import { signatureCount, signatureFault } from './signature.ts';
import type { Endpoint, ReceiverState } from './state.ts';

export type ReceiverRoute = Route<ReceiverState>;

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
// Longer than any address that a test or a reader of the manual makes up.
const SEGMENTS_MAX = 6;

const paths = Array.from({ length: SEGMENTS_MAX }, (_none, index) =>
  Array.from({ length: index + 1 }, (_part, at) => `/:p${String(at)}`).join(''),
);

/** Every path is an endpoint, and takes every method. */
export const receiveRoutes: readonly ReceiverRoute[] = paths.flatMap((path) =>
  METHODS.map((method): ReceiverRoute => ({ method, path, handle: receive })),
);

/** Keeps the call before it is answered: a sender that gives up waiting has sent it all the same. */
async function receive(request: EmulatorRequest, state: ReceiverState): Promise<Reply> {
  const endpoint = state.endpoint(request.path);
  const { clock } = state.context;
  const text = request.body.toString('utf8');
  const messageId = headerText(request, 'webhook-id');
  const fault = signatureFault(
    { headers: request.headers, body: request.body, atMs: clock.now() },
    endpoint.secrets,
  );
  const isSigned = endpoint.secrets.length > 0 && fault === undefined;
  const refusal = refusalOf(request, endpoint, fault);
  const repeat = messageId === null ? 'new' : state.repeat(request.path, messageId, text);
  const answer = refusal ?? endpoint.answers.shift() ?? endpoint.usual;
  if (messageId !== null && answer.status < 300) state.took(request.path, messageId, text);
  const body = parsed(text);
  state.keep({
    method: request.method,
    path: request.path,
    query: Object.fromEntries(request.query),
    contentType: headerText(request, 'content-type') ?? '',
    messageId,
    timestamp: numberOf(headerText(request, 'webhook-timestamp')),
    signatureCount: signatureCount(request.headers),
    isSigned,
    body,
    problems: [
      ...(endpoint.secrets.length > 0 && fault !== undefined ? [fault] : []),
      ...missingHeaders(request, endpoint).map((name) => `the header ${name} is missing or wrong`),
      ...(repeat === 'changed' ? ['a message came again under its id with another body'] : []),
      ...eventProblems(body),
    ],
    status: answer.status,
  });
  return play(answer, clock);
}

/** What a receiver says to a sender that it does not know. */
function refusalOf(
  request: EmulatorRequest,
  endpoint: Endpoint,
  fault: string | undefined,
): Answer | undefined {
  const reason =
    missingHeaders(request, endpoint).length > 0
      ? 'unknown sender'
      : endpoint.secrets.length > 0
        ? fault
        : undefined;
  if (reason === undefined) return undefined;
  const body = JSON.stringify({ error: reason });
  return { status: 401, headers: { 'content-type': 'application/json' }, body, bodyBytes: 0, delayMs: 0 };
}

function missingHeaders({ headers }: EmulatorRequest, endpoint: Endpoint): readonly string[] {
  return Object.entries(endpoint.headers)
    .filter(([name, value]) => headers[name] !== value)
    .map(([name]) => name);
}

function headerText({ headers }: EmulatorRequest, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A body of another kind, or none: kept as the text it is.
    return text;
  }
}
