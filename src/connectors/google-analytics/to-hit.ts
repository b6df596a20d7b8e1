import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { given } from '../../kit/index.ts';
import { clientIdOf, clientIdOfCookie } from './client-id.ts';
import type { PurchaseInput, PurchaseOptions } from './purchase-input.ts';

/** A body for the collector, and what was put into it otherwise than asked. */
export interface Hit {
  readonly body: JsonObject;
  readonly notes: readonly string[];
}

// "Parameter values ... 100 characters or fewer": .../protocol/ga4/sending-events#limitations (read 2026-11).
const TEXT_LENGTH_MAX = 100;

// Google asks for it beside `session_id` before it shows an event under Realtime or in a session
// (.../protocol/ga4/sending-events, read 2026-11). We know no session; that somebody was there is true, and as much as
// RudderStack sends (github.com/rudderlabs/rudder-transformer, ga4, 2026-11).
const ENGAGEMENT_MSEC = 1;

/** Descriptions may lose their end; ids must not, as two could become one. */
const CUT_IN_EVENT = ['coupon', 'affiliation', 'source', 'medium', 'campaign', 'term', 'content'] as const;
const CUT_IN_ITEM = ['item_name', 'item_variant', 'item_category'] as const;

/** The purchase as one event of one client. Pure. */
export function toHit(input: PurchaseInput, options: PurchaseOptions, nowMs: number): Hit {
  const notes: string[] = [];
  const { transaction_id, occurred_at, user_id, ga_cookie, items, currency, value, ...described } = input;
  const cookieId = ga_cookie === undefined ? undefined : clientIdOfCookie(ga_cookie);
  if (ga_cookie !== undefined && cookieId === undefined) {
    notes.push('The _ga cookie has no form that is known; the client id was made from another id.');
  }
  // "user_id ... must not contain personally identifiable information": Google's terms, .../protocol/ga4/policy.
  const isAddress = user_id?.includes('@') === true;
  if (isAddress) notes.push('user_id was left out: it looks like an e-mail address, which Google forbids.');
  if (value === undefined) notes.push('The checkout has no price: the purchase counts without a value.');
  const params = {
    transaction_id,
    engagement_time_msec: ENGAGEMENT_MSEC,
    ...(value === undefined ? {} : { value }),
    ...(currency === undefined ? {} : { currency: currency.toUpperCase() }),
    ...cut({ affiliation: options.affiliation, ...described }, CUT_IN_EVENT, '', notes),
    items: items.map((item, index) => cut(item, CUT_IN_ITEM, `items[${String(index)}].`, notes)),
  };
  // The clock of the sender may be ahead; Google takes no time of the future.
  const atMs = Math.min(Date.parse(occurred_at), nowMs);
  const body = {
    // Without a user it is one purchase of a client of its own: better than one that is put down to somebody else.
    client_id: cookieId ?? clientIdOf(user_id ?? transaction_id),
    ...(user_id === undefined || isAddress ? {} : { user_id }),
    timestamp_micros: atMs * 1_000,
    ...(options.consent === undefined ? {} : { consent: given(options.consent) }),
    events: [{ name: 'purchase', params }],
  };
  return { body, notes };
}

/** Without what is absent, and the named texts within their length. */
function cut(
  fields: Readonly<Record<string, JsonValue | undefined>>,
  names: readonly string[],
  path: string,
  notes: string[],
): JsonObject {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, JsonValue][] => {
    if (value === undefined) return [];
    if (typeof value !== 'string' || value.length <= TEXT_LENGTH_MAX || !names.includes(name)) {
      return [[name, value]];
    }
    notes.push(`${path}${name} was cut to ${String(TEXT_LENGTH_MAX)} characters.`);
    return [[name, shortened(value)]];
  });
  return Object.fromEntries(entries);
}

// Half a surrogate pair at the end would be no text.
function shortened(text: string): string {
  return text.slice(0, TEXT_LENGTH_MAX).replace(/[\uD800-\uDBFF]$/, '');
}
