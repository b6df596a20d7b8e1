import type { Steps } from '../../../kit/index.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { ask, readCreatedId, UNREADABLE } from '../api.ts';
import type { Found } from '../api.ts';
import { findSubscriber } from './find-subscriber.ts';

export type Located =
  | { readonly kind: 'located'; readonly subscriber: Found; readonly isNew: boolean }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/**
 * The subscriber of an address, created by v3 when there is none. Read first: v3 refuses the creation of one who is
 * there, and failed calls count against the key, while the tags that it carries have to be read anyway.
 */
export function* locate(email: string): Steps<Located> {
  const found = yield* findSubscriber(email);
  if (found === 'unreadable') return { kind: 'ended', outcome: UNREADABLE };
  return found === 'absent' ? yield* create(email) : { kind: 'located', subscriber: found, isNew: false };
}

function* create(email: string): Steps<Located> {
  const response = yield* ask({
    version: 'v3',
    method: 'POST',
    path: '/subscribers',
    body: { email },
    // "The exact status code is undocumented" (npm @rulecom/client 0.4.0-beta.7, 2026-11); these two are what it can be.
    accept: [409, 422],
  });
  if (response?.status === 409 || response?.status === 422) {
    // Somebody else made it meanwhile.
    const found = yield* findSubscriber(email);
    if (found === 'unreadable') return { kind: 'ended', outcome: UNREADABLE };
    if (found !== 'absent') return { kind: 'located', subscriber: found, isNew: false };
    return { kind: 'ended', outcome: notCreated(response.status) };
  }
  const id = readCreatedId(response?.body);
  return id === undefined
    ? { kind: 'ended', outcome: UNREADABLE }
    : { kind: 'located', subscriber: { id, phone: undefined, tags: [] }, isNew: true };
}

/** Two writers who meet explain a 409, which passes; 422 without anybody there is a refusal of the address. */
function notCreated(status: 409 | 422): Outcome {
  return status === 409
    ? {
        kind: 'retry',
        fault: {
          code: 'rule.conflict',
          message: 'Rule says that the subscriber exists, and does not find it.',
          status,
        },
      }
    : {
        kind: 'rejected',
        fault: { code: 'rule.http_422', message: 'Rule does not take the e-mail address.', status },
      };
}
