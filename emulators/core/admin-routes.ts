import { z } from 'zod';
import type { EmulatorAdmin } from './admin.ts';
import type { EmulatorClock } from './clock.ts';
import { faultSchema } from './faults.ts';
import type { JournalFilter } from './journal.ts';
import { empty, json } from './reply.ts';
import type { Reply } from './reply.ts';
import type { EmulatorRequest } from './request.ts';
import type { Method, Route } from './router.ts';

/** Where every emulator has its admin surface; no vendor uses such a path. */
export const ADMIN_PREFIX = '/_emulator';

const clockSchema = z.strictObject({
  freeze: z.boolean().optional(),
  advanceMs: z.int().nonnegative().optional(),
  /** Milliseconds since the epoch, or ISO 8601. */
  setTo: z.union([z.int(), z.iso.datetime({ offset: true })]).optional(),
  /** Distance from the real time. */
  offsetMs: z.int().optional(),
  reset: z.literal(true).optional(),
});

type AdminCall = (request: EmulatorRequest) => Reply;

export function adminRoutes<Seed extends z.ZodType, Limits extends z.ZodType>(
  admin: EmulatorAdmin<Seed, Limits>,
  clock: EmulatorClock,
  schemas: { readonly seed: Seed; readonly limits: Limits },
): Route<unknown>[] {
  const on = (method: Method, path: string, call: AdminCall): Route<unknown> => ({
    method,
    path: `${ADMIN_PREFIX}${path}`,
    handle: (request) => withExplanation(() => call(request)),
  });
  return [
    on('POST', '/reset', (request) => {
      admin.reset(
        request.body.length === 0 ? undefined : (schemas.seed.parse(request.json()) as z.input<Seed>),
      );
      return empty(204);
    }),
    on('GET', '/seed', () =>
      json(200, z.toJSONSchema(schemas.seed, { io: 'input', unrepresentable: 'any' })),
    ),
    on('POST', '/seed', (request) => {
      admin.seed(request.json() as z.input<Seed>);
      return empty(204);
    }),
    on('GET', '/state', (request) => json(200, admin.state(request.query))),
    on('GET', '/requests', (request) => {
      const filter = readFilter(request.query);
      return request.query.has('count')
        ? json(200, { count: admin.countRequests(filter) })
        : json(200, { requests: admin.requests(filter) });
    }),
    on('DELETE', '/requests', () => {
      admin.clearRequests();
      return empty(204);
    }),
    on('GET', '/faults', () => json(200, { faults: admin.faults() })),
    on('POST', '/faults', (request) => {
      const body = request.json();
      const given = z.array(faultSchema).parse(Array.isArray(body) ? body : [body]);
      return json(201, { faults: given.map((fault) => admin.addFault(fault)) });
    }),
    on('DELETE', '/faults', () => {
      admin.clearFaults();
      return empty(204);
    }),
    on('DELETE', '/faults/:id', (request) =>
      admin.removeFault(request.param('id')) ? empty(204) : json(404, { message: 'no such fault' }),
    ),
    on('GET', '/clock', () => json(200, admin.clock())),
    on('POST', '/clock', (request) => {
      moveClock(clock, clockSchema.parse(request.json()));
      return json(200, admin.clock());
    }),
    on('GET', '/limits', () => json(200, admin.limits())),
    on('POST', '/limits', (request) => {
      admin.setLimits(request.json() as z.input<Limits>);
      return json(200, admin.limits());
    }),
    on('GET', '/webhooks', () => json(200, { deliveries: admin.webhooks() })),
  ];
}

/** In the order a reader expects of one call: back to real time, stop or run, jump, then step. */
function moveClock(clock: EmulatorClock, move: z.output<typeof clockSchema>): void {
  if (move.reset === true) clock.reset();
  if (move.freeze === true) clock.freeze();
  if (move.freeze === false) clock.unfreeze();
  if (move.setTo !== undefined)
    clock.set(typeof move.setTo === 'number' ? move.setTo : Date.parse(move.setTo));
  if (move.offsetMs !== undefined) clock.set(clock.now() - clock.read().offsetMs + move.offsetMs);
  if (move.advanceMs !== undefined) clock.advance(move.advanceMs);
}

function readFilter(query: URLSearchParams): JournalFilter {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    return text === null ? undefined : z.coerce.number().int().parse(text);
  };
  const method = query.get('method');
  const path = query.get('path');
  const status = number('status');
  const after = number('after');
  const limit = number('limit');
  return {
    ...(method === null ? {} : { method }),
    ...(path === null ? {} : { path }),
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** A mistake in an admin call is the tester's own: it is told plainly, not in the vendor's shape. */
function withExplanation(call: () => Reply): Reply {
  try {
    return call();
  } catch (error) {
    if (error instanceof z.ZodError) return json(400, { message: z.prettifyError(error) });
    if (error instanceof RangeError) return json(400, { message: error.message });
    throw error;
  }
}
