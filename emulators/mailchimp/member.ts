import { createHash } from 'node:crypto';
import type { MergeValue } from './merge-values.ts';

/** The words of the API; `archived` is shown and never given. */
export const STATUSES = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional'] as const;
export type Status = (typeof STATUSES)[number] | 'archived';

export interface MemberEvent {
  readonly name: string;
  readonly occurred_at: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface Member {
  readonly hash: string;
  readonly contactId: string;
  readonly webId: number;
  email: string;
  status: Status;
  emailType: 'html' | 'text';
  mergeFields: Readonly<Record<string, MergeValue>>;
  interests: Readonly<Record<string, boolean>>;
  language: string;
  isVip: boolean;
  /** Names in the order in which they were put on, with the time. */
  readonly tags: Map<string, string>;
  readonly events: MemberEvent[];
  timestampSignup: string;
  timestampOpt: string;
  ipSignup: string;
  ipOpt: string;
  lastChanged: string;
}

/** The vendor's id of a member: MD5 of the address in lower case. */
export function subscriberHash(email: string): string {
  return md5(email.toLowerCase());
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

// "tags: the tags applied to this member, at most 50": https://mailchimp.com/developer/marketing/api/list-members/.
const TAGS_SHOWN = 50;

/** A member as the API shows it. */
export function showMember(
  member: Member,
  { listId, tagIds }: { readonly listId: string; readonly tagIds: ReadonlyMap<string, number> },
): Readonly<Record<string, unknown>> {
  const tags = [...member.tags.keys()].map((name) => ({ id: tagIds.get(name) ?? 0, name }));
  const text = (tag: string): string => {
    const value = member.mergeFields[tag];
    return typeof value === 'string' ? value : '';
  };
  return {
    id: member.hash,
    email_address: member.email,
    unique_email_id: md5(`unique ${member.hash}`).slice(0, 10),
    contact_id: member.contactId,
    full_name: `${text('FNAME')} ${text('LNAME')}`.trim(),
    web_id: member.webId,
    email_type: member.emailType,
    status: member.status,
    consents_to_one_to_one_messaging: true,
    merge_fields: member.mergeFields,
    interests: member.interests,
    stats: { avg_open_rate: 0, avg_click_rate: 0 },
    ip_signup: member.ipSignup,
    timestamp_signup: member.timestampSignup,
    ip_opt: member.ipOpt,
    timestamp_opt: member.timestampOpt,
    member_rating: 2,
    last_changed: member.lastChanged,
    language: member.language,
    vip: member.isVip,
    email_client: '',
    location: { latitude: 0, longitude: 0, gmtoff: 0, dstoff: 0, country_code: '', timezone: '', region: '' },
    source: 'API - Generic',
    tags_count: member.tags.size,
    tags: tags.slice(0, TAGS_SHOWN),
    list_id: listId,
    _links: [],
  };
}
