import type { Outcome } from '../../../kernel/outcome.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { toFault } from '../vendor-error.ts';
import { KnownRecords } from './known-records.ts';
import type { Place } from './place.ts';
import type { RecordContext } from './record-context.ts';

/**
 * Makes one contact of two, for good: what the second one knows goes to the first, whose values win where both have
 * one. Returns the id of what is left, which need not be that of either
 * (developers.hubspot.com, CRM objects, merge; integrators' reports, 2026-11).
 */
export function* mergeContacts(
  { survivor, other }: Extract<Place, { kind: 'two' }>,
  context: RecordContext,
): Steps<string | Outcome> {
  const known = KnownRecords.of(context.cache, context.type);
  const { status, body } = yield* send({
    method: 'POST',
    path: `${pathsOf(context.settings.api_version).objects(context.type)}/merge`,
    body: { primaryObjectId: survivor.id, objectIdToMerge: other.id },
    // 414 is HubSpot's answer when a contact would have more than 250 identities.
    accept: [400, 404, 409, 414],
  });
  known.invalidate(survivor.id);
  known.invalidate(other.id);
  if (status < 300) return stringField(body, 'id') ?? survivor.id;
  const fault = toFault(body, status);
  // One of them has gone since it was read; a conflict is another writer's.
  return { kind: status === 404 || status === 409 ? 'retry' : 'rejected', fault };
}
