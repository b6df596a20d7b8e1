import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import { defineAction, send } from '../../../kit/index.ts';
import type { CallResponse, DeliverContext, Steps } from '../../../kit/index.ts';
import { readDebugAnswer, sayWithoutValues } from '../debug-answer.ts';
import { COLLECT_PATH, DEBUG_PATH } from '../paths.ts';
import { purchaseInputSchema, purchaseOptionsSchema } from '../purchase-input.ts';
import type { PurchaseInput, PurchaseOptions } from '../purchase-input.ts';
import type { Settings } from '../settings.ts';
import { toHit } from '../to-hit.ts';
import { violationsOf } from '../validate-hit.ts';

type Context = DeliverContext<Settings, PurchaseOptions>;

export const sendPurchase = defineAction<Settings>()({
  id: 'send-purchase',
  title: 'Send a purchase',
  summary: 'Counts a purchase with its items, coupons and campaign, once per transaction.',
  input: purchaseInputSchema,
  options: purchaseOptionsSchema,
  orderKey: ({ transaction_id }) => transaction_id,
  // A call takes up to 25 events, but of one client alone: two purchases of one person at the same moment are too rare
  // to wait for.
  batch: { maxItems: 1, lingerMs: 0 },
  once: ({ transaction_id }, { dry_run }) => (dry_run ? undefined : transaction_id),
  *deliver(batch, context) {
    const outcomes: Outcome[] = [];
    for (const { input } of batch) outcomes.push(yield* deliverOne(input, context));
    return outcomes;
  },
});

function* deliverOne(input: PurchaseInput, { settings, options, nowMs }: Context): Steps<Outcome> {
  const { body, notes } = toHit(input, options, nowMs);
  const mayBeOld = options.older_than_72h === 'pull_forward';
  const violations = violationsOf(body, nowMs, mayBeOld);
  if (violations.length > 0) return { kind: 'rejected', fault: faultOf(violations.map(sayViolation)) };
  const query = { measurement_id: settings.measurement_id };
  if (options.dry_run) return yield* ask({ body, query, notes, mayBeOld });
  const response = yield* send({ method: 'POST', path: COLLECT_PATH, query, body });
  // The collector's answers are empty. Text is the page of a proxy or a login that stands in its place.
  if (typeof response.body === 'string') return unreadable(response, 'The collector answered with text.');
  return { kind: 'delivered', remoteId: input.transaction_id, ...(notes.length === 0 ? {} : { notes }) };
}

interface Question {
  readonly body: ReturnType<typeof toHit>['body'];
  readonly query: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly mayBeOld: boolean;
}

/** Has Google itself look at the hit, by the stricter of its two sets of rules unless that would refuse the time. */
function* ask({ body, query, notes, mayBeOld }: Question): Steps<Outcome> {
  const validation_behavior = mayBeOld ? 'RELAXED' : 'ENFORCE_RECOMMENDATIONS';
  const response = yield* send({
    method: 'POST',
    path: DEBUG_PATH,
    query,
    body: { ...body, validation_behavior },
  });
  const messages = readDebugAnswer(response.body);
  if (messages === undefined) {
    return unreadable(response, 'The debug endpoint answered without validation messages.');
  }
  if (messages.length > 0) return { kind: 'rejected', fault: faultOf(messages.map(sayWithoutValues)) };
  return { kind: 'delivered', notes: [...notes, 'Dry run: Google finds it valid; nothing was counted.'] };
}

function unreadable({ status }: CallResponse, message: string): Outcome {
  return { kind: 'retry', fault: { code: 'google-analytics.unreadable_answer', message, status } };
}

function sayViolation({
  fieldPath,
  description,
  validationCode,
}: ReturnType<typeof violationsOf>[number]): string {
  return `${fieldPath === '' ? '' : `${fieldPath} `}${description} (${validationCode})`;
}

function faultOf(messages: readonly string[]): Fault {
  return {
    code: 'google-analytics.invalid_purchase',
    message: `Google would count nothing of it: ${messages.join('; ')}.`,
  };
}
