import { z } from 'zod';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { json, Refused } from '../../core/index.ts';
import { call } from '../access.ts';
import type { ApiCall } from '../access.ts';
import { showMember, subscriberHash } from '../member.ts';
import type { Member } from '../member.ts';
import { changeMember, createMember, memberBody } from '../member-writes.ts';
import type { WriteContext } from '../member-writes.ts';
import { invalidFields, parse } from '../problem.ts';

// "Up to 500 members": https://mailchimp.com/developer/marketing/api/lists/batch-subscribe-or-unsubscribe/, 2026-11.
const MEMBERS_MAX = 500;

const row = memberBody.extend({
  email_address: z.string(),
  status_if_new: z.undefined().optional(),
  tags: z.array(z.string().min(1)).optional(),
});

const body = z.strictObject({
  members: z.array(row).max(MEMBERS_MAX, 'The members array may hold at most 500.'),
  sync_tags: z.boolean().optional(),
  update_existing: z.boolean().optional(),
});

interface RowError {
  readonly email_address: string;
  readonly error: string;
  readonly error_code: 'ERROR_CONTACT_EXISTS' | 'ERROR_GENERIC';
  readonly field?: string;
  readonly field_message?: string;
}

/** What the whole call asks for. */
interface Batch extends WriteContext {
  readonly isUpdating: boolean;
  readonly isSyncingTags: boolean;
}

/** Many members in one call: each succeeds or fails by itself, and the answer is 200 all the same. */
export const batchUpsertRoute: ApiCall = call('POST', '/lists/:list', (request, state) => {
  const audience = state.audience(request.param('list'));
  const { members, sync_tags, update_existing } = parse(body, request.json());
  if (state.switches.batchStatus === 'required') refuseWithoutStatus(members);
  const batch: Batch = {
    state,
    audience,
    isMergeLax: request.query.get('skip_merge_validation') === 'true',
    isUpdating: update_existing === true,
    isSyncingTags: sync_tags === true,
  };
  const isRepeatAllowed = request.query.get('skip_duplicate_check') === 'true';
  const created: Member[] = [];
  const updated: Member[] = [];
  const errors: RowError[] = [];
  const seen = new Set<string>();
  for (const each of members) {
    const hash = subscriberHash(each.email_address);
    if (seen.has(hash) && !isRepeatAllowed) {
      errors.push(generic(each.email_address, 'Email address appears more than once in the request.'));
      continue;
    }
    seen.add(hash);
    const known = audience.members.get(hash);
    const outcome = write(each, known, batch);
    if ('error' in outcome) errors.push(outcome);
    else (known === undefined ? created : updated).push(outcome);
  }
  const show = (member: Member): object => {
    const shown = showMember(member, { listId: audience.id, tagIds: audience.tagIds });
    if (state.switches.batchAnswer === 'whole') return shown;
    const { tags: _tags, tags_count: _count, ...rest } = shown;
    return rest;
  };
  return json(200, {
    new_members: created.map(show),
    updated_members: updated.map(show),
    errors,
    total_created: created.length,
    total_updated: updated.length,
    error_count: errors.length,
    _links: [],
  });
});

function refuseWithoutStatus(members: readonly z.output<typeof row>[]): void {
  const errors = members.flatMap(({ status }, index) =>
    status === undefined
      ? [{ field: `members.item:${String(index)}`, message: 'Required fields were not provided: status' }]
      : [],
  );
  if (errors.length > 0) throw new Refused(invalidFields(errors));
}

function write(
  { tags, ...given }: z.output<typeof row>,
  known: Member | undefined,
  batch: Batch,
): Member | RowError {
  const { audience, state } = batch;
  const email = given.email_address;
  if (known !== undefined && !batch.isUpdating) {
    return {
      email_address: email,
      error: `${email} is already a list member. Set update_existing to change it.`,
      error_code: 'ERROR_CONTACT_EXISTS',
    };
  }
  try {
    const member =
      known === undefined ? createMember(email, given, batch) : changeMember(known, given, batch);
    if (batch.isSyncingTags && tags !== undefined) {
      const gone = [...member.tags.keys()].filter((name) => !tags.includes(name));
      audience.setTags(member, gone, false, state.now());
    }
    audience.setTags(member, tags ?? [], true, state.now());
    return member;
  } catch (error) {
    if (error instanceof Refused) return toRowError(email, error);
    throw error;
  }
}

/** The refusal that a single call would have got, in the words of a row. */
function toRowError(email: string, { reply: { body: refusal } }: Refused): RowError {
  const { detail, errors } = isJsonObject(refusal) ? refusal : {};
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const { field, message } = isJsonObject(first) ? first : {};
  return {
    ...generic(email, typeof detail === 'string' ? detail : 'Unknown error.'),
    ...(typeof field === 'string' ? { field } : {}),
    ...(typeof message === 'string' ? { field_message: message } : {}),
  };
}

function generic(email: string, error: string): RowError {
  return { email_address: email, error, error_code: 'ERROR_GENERIC' };
}
