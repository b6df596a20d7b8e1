import { errorsOf, refuseFields } from './refusal.ts';
import { SUBSCRIBER_KEYS, subscriberRowSchema } from './shapes.ts';
import type { StandingStatus, Status, Subscriber, SubscriberRow } from './shapes.ts';
import type { MakeAsState } from './state.ts';
import type { WriteOrders } from './caller.ts';

/** A row that can be written, or what is wrong with it. */
export type Judged =
  | { readonly ok: true; readonly row: SubscriberRow }
  | { readonly ok: false; readonly errors: Record<string, string[]> };

export function judgeRow(value: unknown, state: MakeAsState): Judged {
  const parsed = subscriberRowSchema.safeParse(value);
  if (!parsed.success) return { ok: false, errors: errorsOf(parsed.error) };
  const unknown = Object.keys(parsed.data).filter(
    (key) => !SUBSCRIBER_KEYS.has(key) && !state.isCustomKey(key),
  );
  if (unknown.length > 0 && state.switches.unknown_keys === 'refuse') {
    return { ok: false, errors: Object.fromEntries(unknown.map((key) => [key, ['The field is unknown.']])) };
  }
  return { ok: true, row: parsed.data };
}

/** The subscriber whom a row is about: by address, else by external id, else by phone. */
export function findOf(row: SubscriberRow, state: MakeAsState): Subscriber | undefined {
  const { email, external_id: externalId, phone } = row;
  return (
    (typeof email === 'string' ? state.findByEmail(email) : undefined) ??
    (typeof externalId === 'string' && state.switches.match_external_id
      ? state.findByExternalId(externalId)
      : undefined) ??
    (typeof phone === 'string' && typeof email !== 'string' ? state.findByPhone(phone) : undefined)
  );
}

/** Writes a row into its subscriber, who is made when there is none; says whether there was none. */
export function upsert(
  row: SubscriberRow,
  orders: WriteOrders,
  state: MakeAsState,
): { readonly subscriber: Subscriber; readonly isNew: boolean } {
  const found = findOf(row, state);
  if (found === undefined && typeof row.email !== 'string' && typeof row.phone !== 'string') {
    refuseFields({ email: ['The email field is required.'] });
  }
  const subscriber = found ?? state.addSubscriber();
  write(subscriber, row, orders, state);
  return { subscriber, isNew: found === undefined };
}

/** Keys that a row lacks keep their values. */
export function write(
  subscriber: Subscriber,
  row: SubscriberRow,
  { listIds, status, statusMobile, tag }: WriteOrders,
  state: MakeAsState,
): void {
  const { email, phone, external_id: externalId, tags, ...fields } = row;
  if (email !== undefined) state.rename(subscriber, email);
  if (phone !== undefined) subscriber.phone = phone;
  if (externalId !== undefined) state.setExternalId(subscriber, externalId);
  for (const [key, value] of Object.entries(fields)) {
    if (SUBSCRIBER_KEYS.has(key) || state.isCustomKey(key)) subscriber.fields[key] = String(value);
  }
  // Replacing is the vendor's default: every tag that the row does not name is gone.
  if (tags !== undefined)
    subscriber.tags = [...new Set(tag === 'merge' ? [...subscriber.tags, ...tags] : tags)];
  for (const title of tags ?? []) state.tag(title);
  subscriber.lists = [...new Set([...subscriber.lists, ...listIds])];
  subscriber.email_status = standing(subscriber.email_status, status);
  subscriber.phone_status = standing(subscriber.phone_status, statusMobile);
  subscriber.date_updated = state.now();
}

// `reactivate` would be of no use if `active` did the same: who has left stays away until then (inferred, 2026-11).
function standing(now: StandingStatus, order: Status | undefined): StandingStatus {
  if (order === undefined) return now;
  if (order === 'reactivate') return 'active';
  return order === 'active' && now !== 'active' ? now : order;
}

/** A subscriber as the vendor shows one. */
export function shown({ fields, ...subscriber }: Subscriber): Record<string, unknown> {
  return { ...subscriber, ...fields };
}
