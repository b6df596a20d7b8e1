import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { CallResponse, DeliverContext, Item, Steps } from '../../../kit/index.ts';
import { findPortalId } from '../portal-id.ts';
import type { Settings } from '../settings.ts';
import { listOf } from '../vendor-answer.ts';
import { toFault } from '../vendor-error.ts';
import type { FormInput, FormOptions } from './form-input.ts';
import { toSubmission } from './submission.ts';

type FormContext = DeliverContext<Settings, FormOptions>;

/** Submits a form, authenticated, as if the visitor had sent it. One call each: HubSpot has no batches of them. */
export function* submitForms(
  batch: readonly Item<FormInput>[],
  context: FormContext,
): Steps<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { input } of batch) outcomes.push(yield* submit(input, context));
  return outcomes;
}

function* submit(input: FormInput, context: FormContext): Steps<Outcome> {
  const submission = toSubmission(input, context.options, context.nowMs);
  if ('kind' in submission) return submission;
  const portalId = yield* findPortalId(context);
  if (portalId === undefined) return { kind: 'retry', fault: UNREADABLE };
  const path = `/submissions/v3/integration/secure/submit/${portalId}/${encodeURIComponent(input.form_id)}`;
  const response = yield* post(path, submission.body);
  if (response.status < 300) return delivered(submission.notes);
  const unusable = contextErrors(response);
  if (unusable.length === 0) return { kind: 'rejected', fault: toFormFault(response) };
  // What a visitor entered is worth more than where the visitor came from.
  const again = yield* post(path, withoutContext(submission.body, unusable));
  const note = `Left out, refused by HubSpot: ${unusable.join(', ')}.`;
  return again.status < 300
    ? delivered([...submission.notes, note])
    : { kind: 'rejected', fault: toFormFault(again) };
}

function* post(path: string, body: JsonObject): Steps<CallResponse> {
  return yield* send({ method: 'POST', base: 'forms', path, body, accept: [400] });
}

function delivered(notes: readonly string[]): Outcome {
  return { kind: 'delivered', ...(notes.length === 0 ? {} : { notes }) };
}

// developers.hubspot.com, forms submit API, error types (read 2026-11): those about the visit, not about the form.
const CONTEXT_ERRORS: ReadonlyMap<string, string> = new Map([
  ['INVALID_HUTK', 'hutk'],
  ['INVALID_IP_ADDRESS', 'ipAddress'],
  ['INVALID_PAGE_URI', 'pageUri'],
]);

/** The parts of the context that a refusal is about; none when it is about anything else too. */
function contextErrors(response: CallResponse): readonly string[] {
  const names = errorTypes(response).map((type) => CONTEXT_ERRORS.get(type));
  return names.every((name) => name !== undefined) ? [...new Set(names)] : [];
}

function withoutContext(body: JsonObject, names: readonly string[]): JsonObject {
  const context = isJsonObject(body['context']) ? body['context'] : {};
  const kept = Object.fromEntries(Object.entries(context).filter(([name]) => !names.includes(name)));
  return { ...body, context: kept };
}

function errorTypes({ body }: CallResponse): readonly string[] {
  return listOf(body, 'errors').map((error) => stringField(error, 'errorType') ?? '');
}

/** Forms have a frame of their own: `errors: [{message: "Error in 'fields.email'. …", errorType: "INVALID_EMAIL"}]`. */
function toFormFault(response: CallResponse): Fault {
  const fault = toFault(response.body, response.status);
  const types = [...new Set(errorTypes(response))].filter((type) => type !== '');
  if (types.length === 0) return fault;
  const fields = listOf(response.body, 'errors').flatMap((error) => {
    const name = /'fields\.([\w./-]+)'/.exec(stringField(error, 'message') ?? '')?.[1];
    return name === undefined ? [] : [name];
  });
  const about = fields.length === 0 ? '' : ` (fields ${[...new Set(fields)].join(', ')})`;
  return {
    ...fault,
    code: `hubspot.${types[0] ?? 'error'}`,
    message: `HubSpot refused the form: ${types.join(', ')}${about}.`,
  };
}

const UNREADABLE: Fault = {
  code: 'hubspot.unexpected_answer',
  message: 'HubSpot answered the question whose account this is in an unknown form.',
};
