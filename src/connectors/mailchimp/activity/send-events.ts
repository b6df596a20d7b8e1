import type { Outcome } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { eventPageShape } from '../api.ts';
import { listOf } from '../members/member-input.ts';
import { memberPath } from '../paths.ts';
import { describeFailure, unexpected } from '../vendor-error.ts';
import { EVENT_ID } from './activity-input.ts';
import type { ActivityContext, ActivityEvent, ActivityInput } from './activity-input.ts';

/** Sends the events of one contact, those left out that Mailchimp shows already. */
export function* sendEvents(
  { input, attempt }: Item<ActivityInput>,
  context: ActivityContext,
): Steps<Outcome> {
  const path = `${memberPath(listOf(input, context), input.email)}/events`;
  const sent = yield* readEventIds(path);
  if (sent === undefined) return waitForContact(attempt);
  if ('kind' in sent) return sent;
  const missing = input.events.filter(({ id }) => !sent.has(id));
  for (const event of missing) {
    const trouble = yield* sendEvent(path, event);
    if (trouble !== undefined) return trouble;
  }
  const there = input.events.length - missing.length;
  return {
    kind: 'delivered',
    ...(there === 0 ? {} : { notes: [`Already in Mailchimp: ${String(there)} of the events.`] }),
  };
}

function* sendEvent(
  path: string,
  { id, name, occurred_at, properties }: ActivityEvent,
): Steps<Outcome | undefined> {
  const response = yield* send({
    method: 'POST',
    path,
    body: { name, occurred_at, properties: { ...properties, [EVENT_ID]: id } },
    accept: [400],
  });
  if (response.status === 400) return { kind: 'rejected', fault: describeFailure(response) };
  // 204 has no body. If it was Mailchimp after all, the next attempt finds the event there.
  return response.body === undefined ? undefined : unexpected('an event');
}

// The most that a page may hold, and as many events of one contact as anyone will look through.
const PAGE_SIZE = 1000;
const PAGES_MAX = 10;

/** The ids of all events of a contact that have one; `undefined` when there is no such contact. */
function* readEventIds(path: string): Steps<ReadonlySet<string> | Outcome | undefined> {
  const ids = new Set<string>();
  let offset = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = {
      count: String(PAGE_SIZE),
      offset: String(offset),
      fields: 'events.properties,total_items',
    };
    const response = yield* send({ method: 'GET', path, query, accept: [404] });
    if (response.status === 404) return undefined;
    const parsed = eventPageShape.safeParse(response.body);
    if (!parsed.success) return unexpected('events');
    const { events, total_items } = parsed.data;
    for (const { properties } of events) {
      const id = properties?.[EVENT_ID];
      if (typeof id === 'string') ids.add(id);
    }
    offset += events.length;
    if (events.length === 0 || offset >= total_items) break;
  }
  return ids;
}

// The flow that makes contacts writes one within seconds. Six attempts of the default schedule wait 11 minutes at most,
// as HubSpot's actions do for records that another flow makes.
const WAIT_ATTEMPTS = 6;
const WAIT_MS = 1_000;

/** Another flow may be about to make the contact; who is never made, because it has to be skipped there, has no activity. */
function waitForContact(attempt: number): Outcome {
  const message = 'The audience has no such contact.';
  if (attempt >= WAIT_ATTEMPTS) return { kind: 'skipped', reason: message };
  return { kind: 'retry', waitMs: WAIT_MS, fault: { code: 'mailchimp.contact_missing', message } };
}
