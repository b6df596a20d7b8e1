import type { JsonObject } from '../../kernel/json.ts';
import { send } from '../../kit/index.ts';
import type { CallResponse, ConnectionCache, Steps } from '../../kit/index.ts';
import { contactSchema } from './contact.ts';
import type { Write } from './next-write.ts';
import { contactPath, subscribersPath } from './paths.ts';

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
  | { readonly kind: 'unreadable' };

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
          accept,
        });
  if (Object.keys(fields).length === 0) return readWritten(yield* put(details), []);
  const response = yield* put({ ...details, custom: fields }, [400, 422]);
  if (response.status < 300) return readWritten(response, Object.keys(fields));
  // Should another part be what is wrong, it is refused again, and that refusal is the outcome.
  const rest = readWritten(yield* put(details), []);
  if (rest.kind === 'unreadable') return rest;
  cache.set(FIELDS_REFUSED, true, FIELDS_REFUSED_MS);
  return { ...rest, lacksFields: true };
}

/** Every write is answered with the contact as it is now. */
function readWritten({ body }: CallResponse, fields: readonly string[]): Written {
  const contact = contactSchema.safeParse(body).data;
  if (contact === undefined) return { kind: 'unreadable' };
  const { custom } = contact;
  const lacksFields = fields.some((name) => custom !== undefined && !Object.hasOwn(custom, name));
  return { kind: 'written', lacksFields };
}
