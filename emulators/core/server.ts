import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { ADMIN_PREFIX } from './admin-routes.ts';
import type { EmulatorClock } from './clock.ts';
import type { EmulatorDefinition } from './definition.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { Journal } from './journal.ts';
import { encodeReply, json, Refused } from './reply.ts';
import type { EncodedReply, Reply } from './reply.ts';
import { EmulatorRequest, UnreadableBody } from './request.ts';
import { makeRouter } from './router.ts';
import type { Route, Router } from './router.ts';

export interface ServerParts<State, Seed extends z.ZodType, Limits extends z.ZodType> {
  readonly definition: EmulatorDefinition<State, Seed, Limits>;
  readonly adminRoutes: readonly Route<State>[];
  readonly clock: EmulatorClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly state: () => State;
  readonly origin: () => string;
}

// Longer than any client keeps an idle connection: the client closes first, so that no call meets a socket
// that the server is closing.
const KEEP_ALIVE_MS = 120_000;
const SLOW_BODY_PIECES = 10;
// Seeds of many thousand records come in one call.
const ADMIN_BODY_BYTES_MAX = 256 * 1024 * 1024;

/** The HTTP side: reads the call, meets faults, finds the route, answers, writes the journal. */
export function makeServer<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  parts: ServerParts<State, Seed, Limits>,
): Server {
  const vendor = makeRouter(parts.definition.routes);
  const admin = makeRouter(parts.adminRoutes);
  const server = createServer((incoming, outgoing) => {
    serve(parts, vendor, admin, incoming, outgoing).catch((error: unknown) => {
      // A mistake in the emulator itself: cutting the call shows it at once, where silence would hang the client.
      outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function serve<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  parts: ServerParts<State, Seed, Limits>,
  vendor: Router<State>,
  admin: Router<State>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { definition, clock } = parts;
  const isAdmin = isAdminTarget(incoming.url ?? '/', definition.routes);
  const body = await readBody(incoming, isAdmin ? ADMIN_BODY_BYTES_MAX : definition.bodyBytesMax);
  if (body === 'aborted') return;
  const request = new EmulatorRequest({
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers: incoming.headers,
    body: body === 'too_large' ? Buffer.alloc(0) : body,
    origin: parts.origin(),
    at: clock.now(),
  });
  if (isAdmin) {
    const reply = await answer(admin, request, parts.state(), explainPlainly);
    write(outgoing, encodeReply(reply));
    return;
  }
  const act = (): Promise<Reply> =>
    body === 'too_large'
      ? Promise.resolve(definition.refuse('body_too_large', request, ''))
      : answer(vendor, request, parts.state(), definition.refuse.bind(definition));
  const fault = parts.faults.take(request);
  if (fault?.delayMs !== undefined) await clock.sleep(fault.delayMs);
  const made = fault === undefined ? await act() : await meetFault(definition, fault, request, act);
  if (made === 'reset') {
    parts.journal.record(request, undefined, fault?.id);
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const reply = encodeReply(definition.finish?.(made, request, parts.state()) ?? made);
  parts.journal.record(request, reply, fault?.id);
  if (fault?.slowBodyMs === undefined) write(outgoing, reply);
  else await writeSlowly(outgoing, reply, clock, fault.slowBodyMs);
}

/** Hardly any vendor has anything at `/`: there is the page for humans, unless a route of the vendor is there. */
function isAdminTarget(target: string, routes: readonly Route<never>[]): boolean {
  if (/^\/(\?|$)/.test(target)) return !routes.some(({ path }) => path === '/');
  return target.startsWith(`${ADMIN_PREFIX}/`);
}

type Refuse = (reason: UnreadableBody['reason'], request: EmulatorRequest, detail: string) => Reply;

async function answer<State>(
  router: Router<State>,
  request: EmulatorRequest,
  state: State,
  refuse: Refuse,
): Promise<Reply> {
  const match = router(request.method, request.path);
  if (match.kind === 'unknown') return refuse('unknown_route', request, '');
  if (match.kind === 'wrong_method') return refuse('wrong_method', request, '');
  request.params = match.params;
  try {
    return await match.route.handle(request, state);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    if (error instanceof UnreadableBody) return refuse(error.reason, request, error.message);
    return refuse(
      'internal',
      request,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
}

function explainPlainly(reason: UnreadableBody['reason'], _request: EmulatorRequest, detail: string): Reply {
  const status =
    { unknown_route: 404, wrong_method: 405, wrong_content_type: 415, internal: 500 }[reason as string] ??
    400;
  return json(status, { message: detail === '' ? reason : `${reason}: ${detail}` });
}

async function meetFault<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  definition: EmulatorDefinition<State, Seed, Limits>,
  fault: Fault,
  request: EmulatorRequest,
  act: () => Promise<Reply>,
): Promise<Reply | 'reset'> {
  const own = fault.when === 'after' ? await act() : undefined;
  if (fault.reset === true) return 'reset';
  if (fault.unavailable === true) return definition.refuse('unavailable', request, '');
  if (fault.preset !== undefined) {
    const preset = definition.faultPresets?.[fault.preset];
    if (preset !== undefined) return preset(fault, request);
  }
  if (fault.status !== undefined) {
    return {
      status: fault.status,
      ...(fault.body === undefined ? {} : { body: fault.body }),
      ...(fault.headers === undefined ? {} : { headers: fault.headers }),
    };
  }
  return own ?? act();
}

async function readBody(
  incoming: IncomingMessage,
  bytesMax: number,
): Promise<Buffer | 'too_large' | 'aborted'> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of incoming) {
      const bytes = piece as Buffer;
      size += bytes.length;
      // Read to the end all the same: a client that still sends cannot hear the refusal.
      if (size <= bytesMax) pieces.push(bytes);
    }
  } catch {
    // The client went away in the middle of its call: there is nobody to answer.
    return 'aborted';
  }
  if (size > bytesMax) return 'too_large';
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

function write(outgoing: ServerResponse, reply: EncodedReply): void {
  outgoing.writeHead(reply.status, lengthened(reply));
  outgoing.end(reply.body);
}

async function writeSlowly(
  outgoing: ServerResponse,
  reply: EncodedReply,
  clock: EmulatorClock,
  overMs: number,
): Promise<void> {
  outgoing.writeHead(reply.status, lengthened(reply));
  const size = Math.max(1, Math.ceil(reply.body.length / SLOW_BODY_PIECES));
  for (let at = 0; at < reply.body.length && !outgoing.destroyed; at += size) {
    outgoing.write(reply.body.subarray(at, at + size));
    await clock.sleep(overMs / SLOW_BODY_PIECES);
  }
  outgoing.end();
}

function lengthened(reply: EncodedReply): Record<string, string> {
  return reply.status === 204
    ? { ...reply.headers }
    : { ...reply.headers, 'content-length': String(reply.body.length) };
}
