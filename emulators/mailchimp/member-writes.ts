/** How members come to be and change, whichever call does it. */
import { z } from 'zod';
import { Refused } from '../core/index.ts';
import type { Audience } from './audience.ts';
import { md5, STATUSES, subscriberHash } from './member.ts';
import type { Member } from './member.ts';
import type { MergeValue } from './merge-values.ts';
import { valueError } from './merge-values.ts';
import { invalid, invalidFields, problem } from './problem.ts';
import type { FieldError } from './problem.ts';
import type { MailchimpState } from './state.ts';

const status = z.enum(STATUSES);

/** The body of a member, as far as the emulator keeps it; other fields are the vendor's and let through. */
export const memberBody = z.looseObject({
  email_address: z.string().optional(),
  status_if_new: status.optional(),
  status: status.optional(),
  email_type: z.enum(['html', 'text']).optional(),
  merge_fields: z.record(z.string(), z.unknown()).optional(),
  interests: z.record(z.string(), z.boolean()).optional(),
  language: z.string().optional(),
  vip: z.boolean().optional(),
  ip_signup: z.string().optional(),
  ip_opt: z.string().optional(),
  timestamp_signup: z.string().optional(),
  timestamp_opt: z.string().optional(),
});
export type MemberBody = z.output<typeof memberBody>;

export interface WriteContext {
  readonly state: MailchimpState;
  readonly audience: Audience;
  /** `skip_merge_validation`: required merge fields may be empty. */
  readonly isMergeLax: boolean;
}

// As far as the vendor looks at an address before it asks whether it is real.
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** A new contact. Refuses addresses that Mailchimp would not take. */
export function createMember(email: string, body: MemberBody, context: WriteContext): Member {
  const { state, audience } = context;
  refuseAddress(email, state);
  const wanted = body.status_if_new ?? body.status;
  if (wanted === undefined) {
    throw new Refused(
      invalidFields([{ field: 'status_if_new', message: 'Required fields were not provided: status' }]),
    );
  }
  const hash = subscriberHash(email);
  if (audience.forgotten.has(hash)) {
    throw new Refused(
      problem(
        400,
        'Forgotten Email Not Subscribed',
        `${email} was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.`,
      ),
    );
  }
  if (wanted === 'subscribed' && audience.inCompliance.has(hash)) throw complianceRefusal(email);
  const mergeFields = mergeValues(body, {}, context);
  const now = state.now();
  const member: Member = {
    hash,
    contactId: md5(`contact ${audience.id} ${hash}`),
    webId: 500_000 + state.nextNumber(),
    email,
    status: wanted,
    emailType: body.email_type ?? 'html',
    mergeFields,
    interests: body.interests ?? {},
    language: body.language ?? '',
    isVip: body.vip ?? false,
    tags: new Map(),
    events: [],
    timestampSignup: body.timestamp_signup ?? '',
    timestampOpt: body.timestamp_opt ?? (wanted === 'subscribed' ? now : ''),
    ipSignup: body.ip_signup ?? '',
    ipOpt: body.ip_opt ?? '',
    lastChanged: now,
  };
  audience.members.set(hash, member);
  return member;
}

/** Changes what the body names. Without `status` the member keeps its own, archived ones included. */
export function changeMember(member: Member, body: MemberBody, context: WriteContext): Member {
  const { state, audience } = context;
  if (body.status !== undefined) refuseStatus(member, body.status, audience);
  const mergeFields = mergeValues(body, member.mergeFields, context);
  member.mergeFields = mergeFields;
  member.status = body.status ?? member.status;
  member.emailType = body.email_type ?? member.emailType;
  member.interests = { ...member.interests, ...body.interests };
  member.language = body.language ?? member.language;
  member.isVip = body.vip ?? member.isVip;
  member.lastChanged = state.now();
  return member;
}

/** Who left, bounced or is under review comes back by a form, or by confirming an e-mail (`pending`). */
function refuseStatus(member: Member, wanted: Member['status'], audience: Audience): void {
  const hasLeft = member.status === 'unsubscribed' || member.status === 'cleaned';
  const isBarred = audience.inCompliance.has(member.hash) || hasLeft;
  if (isBarred && wanted === 'subscribed') throw complianceRefusal(member.email);
}

function complianceRefusal(email: string): Refused {
  return new Refused(
    problem(
      400,
      'Member In Compliance State',
      `${email} is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.`,
    ),
  );
}

function refuseAddress(email: string, state: MailchimpState): void {
  if (!EMAIL.test(email)) throw new Refused(invalid('Please provide a valid email address.'));
  if (state.isFakeDomain(email)) {
    throw new Refused(invalid(`${email} looks fake or invalid, please enter a real email address.`));
  }
}

/** Values as they stand after the body; tags that the audience does not have are ignored. */
function mergeValues(
  { merge_fields: given = {} }: MemberBody,
  before: Member['mergeFields'],
  { audience, isMergeLax }: WriteContext,
): Member['mergeFields'] {
  const errors: FieldError[] = [];
  const after: Record<string, MergeValue> = { ...before };
  for (const field of audience.mergeFields.values()) {
    after[field.tag] ??= field.default_value;
    const value = given[field.tag] ?? given[`MERGE${String(field.merge_id)}`];
    if (value === undefined) continue;
    const error = valueError(field, value);
    if (error !== undefined) errors.push(error);
    else after[field.tag] = kept(field.type === 'number', value);
  }
  for (const { tag, required } of isMergeLax ? [] : audience.mergeFields.values()) {
    if (required && after[tag] === '') errors.push({ field: tag, message: 'Please enter a value' });
  }
  if (errors.length > 0) {
    throw new Refused(problem(400, 'Invalid Resource', 'Your merge fields were invalid.', errors));
  }
  return after;
}

// Numbers come back as numbers, also where they were given as text.
function kept(isNumber: boolean, value: unknown): MergeValue {
  return isNumber && value !== '' ? Number(value) : (value as MergeValue);
}
