import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import { classifyFailure, send } from '../../kit/index.ts';
import type { CallResponse, ConnectionCache, Steps } from '../../kit/index.ts';
import { contactSchema } from './contact.ts';
import type { Write } from './next-write.ts';
import { contactPath, subscribersPath } from './paths.ts';
import { describeFailure } from './vendor-error.ts';

const FIELDS_REFUSED = 'account fields are refused';
// Somebody may have made the fields by hand since.
const FIELDS_REFUSED_MS = 3_600_000;

/** Whether the account has lately refused a write for its fields, so that they are not worth a call. */
export function areFieldsRefused(cache: ConnectionCache): boolean {
  return cache.get(FIELDS_REFUSED) === true;
}

export type Written =
  | { readonly kind: 'written'; readonly lacksFields: boolean }
  /** The answer did not come from Mailmojo. */
  | { readonly kind: 'unreadable' }
  /** The list is not there. */
  | { readonly kind: 'refused'; readonly outcome: Outcome };

// What an account may answer that does not take the fields.
const FIELDS_REFUSALS: readonly number[] = [400, 422];

/**
 * Writes what is wanted. How account fields come to be is not documented: that a write makes those which the account
 * lacks is inferred (confidence low, 2026-11). Where Mailmojo refuses them, everything else is written without them.
 */
export function* writeContact(
  write: Write,
  email: string,
  listId: string,
  cache: ConnectionCache,
): Steps<Written> {
  const { kind, details, fields } = write;
  const put = (body: JsonObject, accept: readonly number[] = []): Steps<CallResponse> =>
    kind === 'change'
      ? send({ method: 'PATCH', path: contactPath(email), body, accept })
      : send({
          method: 'POST',
          path: subscribersPath(listId),
          // Left out, it would be true, and bring back who has left (the SDKs' Subscription, read 2026-11).
          body: { email, ...body, force_subscribe: false },
          accept: [...accept, 404],
        });
  if (Object.keys(fields).length === 0) return readWritten(yield* put(details), listId, []);
  const response = yield* put({ ...details, custom: fields }, FIELDS_REFUSALS);
  if (!FIELDS_REFUSALS.includes(response.status)) return readWritten(response, listId, Object.keys(fields));
  // Should another part be what is wrong, it is refused again, and that refusal is the outcome.
  const rest = readWritten(yield* put(details), listId, []);
  if (rest.kind !== 'written') return rest;
  cache.set(FIELDS_REFUSED, true, FIELDS_REFUSED_MS);
  return { ...rest, lacksFields: true };
}

/** Every write is answered with the contact as it is now. */
function readWritten(response: CallResponse, listId: string, fields: readonly string[]): Written {
  if (response.status === 404) return { kind: 'refused', outcome: notFound(response, listId) };
  const contact = contactSchema.safeParse(response.body).data;
  if (contact === undefined) return { kind: 'unreadable' };
  const { custom } = contact;
  const lacksFields = fields.some((name) => custom !== undefined && !Object.hasOwn(custom, name));
  return { kind: 'written', lacksFields };
}

/**
 * `POST /v1/lists/{id}/subscribers/` makes the contact that is not there (mailmojo.dev, read 2026-11): what it does not
 * find is the list, which no contact of the backlog can mend. Without the vendor's JSON it is somebody else's 404.
 */
function notFound(response: CallResponse, listId: string): Outcome {
  if (!isJsonObject(response.body)) return classifyFailure(response, [], 'mailmojo', describeFailure);
  const message = `Mailmojo has no list ${listId}.`;
  return { kind: 'suspended', fault: { code: 'mailmojo.list_missing', message, status: 404 } };
}
