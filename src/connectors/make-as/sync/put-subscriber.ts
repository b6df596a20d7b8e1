/**
 * Writes one subscriber. Make.as replaces all tags of a subscriber or adds to them, and takes none away by itself. So
 * tags are added first, which leaves those of others alone whoever writes at the same moment; the answer shows what the
 * subscriber carries then, and only when stale tags are among them is the set written once more without these.
 */
import { send } from '../../../kit/index.ts';
import type { CallResponse, Steps } from '../../../kit/index.ts';
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import { tagDifference } from '../../../subscribers/index.ts';
import { API, readSubscriber } from '../api.ts';
import type { SubscriberInput } from './subscriber-input.ts';

export function* putSubscriber(input: SubscriberInput, listId: string): Steps<Outcome> {
  const { tags } = input;
  const row = rowOf(input);
  const merged = yield* upsert(tags === undefined ? row : { ...row, tags: tags.set }, listId, 'merge');
  if (merged.status >= 300) return refused(merged, row, listId);
  const subscriber = readSubscriber(merged);
  if (subscriber === undefined) return unreadable;
  const delivered: Outcome = { kind: 'delivered', remoteId: subscriber.id };
  if (tags === undefined) return delivered;

  const carried = subscriber.tags ?? (yield* readTags(input.email));
  if (carried === undefined) return unreadable;
  const { remove } = tagDifference(carried, tags.set, tags.keep);
  if (remove.length === 0) return delivered;
  const remaining = carried.filter((tag) => !remove.includes(tag));
  const replaced = yield* upsert({ ...row, tags: remaining }, listId, 'replace');
  if (replaced.status >= 300) return refused(replaced, row, listId);
  return readSubscriber(replaced) === undefined ? unreadable : delivered;
}

/** No status is given: a new subscriber is active, and one who has left stays away (both inferred, medium, 2026-11). */
function upsert(body: JsonObject, listId: string, tag: 'merge' | 'replace'): Steps<CallResponse> {
  return send({
    method: 'POST',
    path: `${API}/subscribers`,
    query: { 'subscriber_list_id[]': listId, tag },
    body,
    accept: ABOUT_THIS_ROW,
  });
}

// Each but the 404 of a list is a verdict on one subscriber of a batch, so that the others need not be sent again.
const ABOUT_THIS_ROW = [400, 404, 409, 422];

/** For an answer to a write that shows no tags; `undefined` when no subscriber can be read either. */
function* readTags(email: string): Steps<readonly string[] | undefined> {
  const response = yield* send({ method: 'POST', path: `${API}/subscribers/by_email`, body: { email } });
  const subscriber = readSubscriber(response);
  return subscriber === undefined ? undefined : (subscriber.tags ?? []);
}

function rowOf({ email, firstname, lastname, company, external_id }: SubscriberInput): JsonObject {
  return {
    email,
    ...(firstname === undefined ? {} : { firstname }),
    ...(lastname === undefined ? {} : { lastname }),
    ...(company === undefined ? {} : { company }),
    ...(external_id === undefined ? {} : { external_id }),
  };
}

/**
 * Names the columns that the vendor names, and quotes nothing: its words may hold what it was sent. The exchange on
 * record has them.
 */
function refused({ status, body }: CallResponse, row: JsonObject, listId: string): Outcome {
  if (status === 404 && isJsonObject(body)) return listMissing(listId);
  const errors = isJsonObject(body) && isJsonObject(body['errors']) ? Object.keys(body['errors']) : [];
  const columns = [...Object.keys(row), 'tags'].filter((column) =>
    errors.some((name) => name.split('.').includes(column)),
  );
  const because = columns.length === 0 ? '' : ` for ${columns.join(', ')}`;
  const fault: Fault = {
    code: `make-as.http_${String(status)}`,
    message: `Make.as refused the subscriber with ${String(status)}${because}.`,
    status,
  };
  return { kind: 'rejected', fault };
}

/**
 * 404 is "not found" (apidocs.make.as, read 2026-11), and an upsert makes the subscriber that it does not find: what is
 * not there is the list, which no subscriber of the backlog can mend. Without the vendor's JSON it is somebody else's 404.
 */
function listMissing(listId: string): Outcome {
  const message = `Make.as has no subscriber list ${listId}.`;
  return { kind: 'suspended', fault: { code: 'make-as.list_missing', message, status: 404 } };
}

/** Written again when it is tried again: nothing is lost by it, and an answer that nobody understands proves nothing. */
export const unreadable: Outcome = {
  kind: 'retry',
  fault: {
    code: 'make-as.unexpected_answer',
    message: 'Make.as answered 2xx with something else than is documented.',
  },
};
