import { z } from 'zod';
import { EmulatorRequest, json, makeRouter, Refused } from '../../core/index.ts';
import type { Reply } from '../../core/index.ts';
import { call, page, ROOT } from '../access.ts';
import type { ApiCall, MailchimpRoute } from '../access.ts';
import { archiveOf } from '../batch-job.ts';
import type { BatchJob, OperationAnswer } from '../batch-job.ts';
import { notFound, parse, problem } from '../problem.ts';
import type { MailchimpState } from '../state.ts';

// Seen in other clients rather than documented (2026-11).
const OPERATIONS_MAX = 1000;
// "500 pending batches": https://mailchimp.com/developer/marketing/guides/run-async-requests-batch-endpoint/, 2026-11.
const JOBS_MAX = 500;
// Real jobs take minutes to hours; a test moves the clock.
const JOB_MS = 1_000;

const startBody = z.strictObject({
  operations: z
    .array(
      z.strictObject({
        method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
        path: z.string().regex(/^\/?[^:]*$/, 'The path is relative and has no host.'),
        params: z.record(z.string(), z.unknown()).optional(),
        body: z.string('The body is JSON as text.').optional(),
        operation_id: z.string().optional(),
      }),
    )
    .max(OPERATIONS_MAX),
});
type Operation = z.output<typeof startBody>['operations'][number];

type Router = ReturnType<typeof makeRouter<MailchimpState>>;

/** Jobs of many calls, carried out at once and shown as done a second later. */
export function batchRoutes(calls: readonly ApiCall[]): readonly MailchimpRoute[] {
  const router = makeRouter(calls.map(({ method, path, act }) => ({ method, path, handle: act })));
  return [
    call('POST', '/batches', async (request, state) => {
      const { operations } = parse(startBody, request.json());
      const now = state.context.clock.now();
      const unfinished = [...state.batches.values()].filter(({ readyAtMs }) => readyAtMs > now).length;
      if (unfinished >= JOBS_MAX) {
        throw new Refused(problem(429, 'Too Many Requests', 'You have more than 500 pending batches.'));
      }
      const answers: OperationAnswer[] = [];
      for (const operation of operations) answers.push(await answerTo(operation, request, state, router));
      const job: BatchJob = {
        id: `batch${String(state.nextNumber())}`,
        submittedAt: state.now(),
        completedAt: new Date(now + JOB_MS).toISOString(),
        total: operations.length,
        errored: answers.filter(({ status_code }) => status_code >= 400).length,
        readyAtMs: now + JOB_MS,
        archive: archiveOf(answers),
      };
      state.batches.set(job.id, job);
      return json(200, showJob(job, request, now));
    }),
    call('GET', '/batches', (request, state) =>
      json(
        200,
        page(
          request,
          'batches',
          [...state.batches.values()].map((job) => showJob(job, request, state.context.clock.now())),
        ),
      ),
    ),
    call('GET', '/batches/:id', (request, state) =>
      json(200, showJob(jobOf(request, state), request, state.context.clock.now())),
    ),
    // The link is signed at the vendor: no key is asked for.
    {
      method: 'GET',
      path: `${ROOT}/batches/:id/answers.tar.gz`,
      handle: (request, state) => ({
        status: 200,
        headers: { 'content-type': 'application/x-gzip' },
        body: jobOf(request, state).archive,
      }),
    },
  ];
}

function jobOf(request: EmulatorRequest, state: MailchimpState): BatchJob {
  const job = state.batches.get(request.param('id'));
  if (job === undefined) throw new Refused(notFound());
  return job;
}

function showJob(job: BatchJob, { origin }: EmulatorRequest, nowMs: number): object {
  const isDone = job.readyAtMs <= nowMs;
  return {
    id: job.id,
    status: isDone ? 'finished' : 'pending',
    total_operations: job.total,
    finished_operations: isDone ? job.total : 0,
    errored_operations: isDone ? job.errored : 0,
    submitted_at: job.submittedAt,
    completed_at: isDone ? job.completedAt : '',
    response_body_url: isDone ? `${origin}${ROOT}/batches/${job.id}/answers.tar.gz` : '',
    _links: [],
  };
}

async function answerTo(
  { method, path, params = {}, body, operation_id }: Operation,
  outer: EmulatorRequest,
  state: MailchimpState,
  router: Router,
): Promise<OperationAnswer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) query.set(name, String(value));
  const inner = new EmulatorRequest({
    method,
    target: `${ROOT}/${path.replace(/^\//, '')}${query.size === 0 ? '' : `?${query.toString()}`}`,
    headers: { ...outer.headers, 'content-type': 'application/json' },
    body: Buffer.from(body ?? ''),
    origin: outer.origin,
    at: outer.at,
  });
  const { status, body: answer } = await carryOut(inner, state, router);
  return {
    status_code: status,
    operation_id: operation_id ?? null,
    response: answer === undefined ? '' : JSON.stringify(answer),
  };
}

async function carryOut(request: EmulatorRequest, state: MailchimpState, router: Router): Promise<Reply> {
  const match = router(request.method, request.path);
  if (match.kind !== 'found') return notFound();
  request.params = match.params;
  try {
    return await match.route.handle(request, state);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}
