import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import { send } from '../../kit/index.ts';
import type { DeliverContext, Item, Steps } from '../../kit/index.ts';
import type { EventInput } from './event-input.ts';
import { toServerEvent } from './server-event.ts';
import type { Settings } from './settings.ts';

const DAY_MS = 86_400_000;
// "Up to 7 days before you send an event to Meta", 62 for offline ones: the page of server event parameters (2026-11).
const AGE_MS_MAX = 7 * DAY_MS;
const STORE_AGE_MS_MAX = 62 * DAY_MS;

// A thousand events with all fields are somewhat more than a megabyte, above which Meta advises to split (the page
// "Using the API", 2026-11).
const CALL_BYTES_MAX = 1_000_000;
const ENCODER = new TextEncoder();

type Drafted =
  | { readonly kind: 'event'; readonly event: JsonObject }
  | { readonly kind: 'settled'; readonly outcome: Outcome };

/**
 * Sends events. One that Meta would refuse for its age is settled here, since it would take the others of its call along.
 * A batch whose calls are not all taken is sent again whole: by `event_name` and `event_id` Meta drops what it has.
 */
export function* sendEvents(
  batch: readonly Item<EventInput>[],
  { settings, nowMs }: DeliverContext<Settings, unknown>,
): Steps<readonly Outcome[]> {
  const drafts = batch.map(({ input }) => draft(input, nowMs));
  const events = drafts.flatMap((drafted) => (drafted.kind === 'event' ? [drafted.event] : []));
  let sent: Outcome = { kind: 'delivered' };
  for (const part of parts(events)) {
    const { body } = yield* send({
      method: 'POST',
      path: `/${settings.api_version}/${settings.pixel_id}/events`,
      body: {
        data: part,
        partner_agent: 'linchpin',
        ...(settings.test_event_code === undefined ? {} : { test_event_code: settings.test_event_code }),
      },
    });
    sent = verdict(body, part.length);
    if (sent.kind !== 'delivered') break;
  }
  return drafts.map((drafted) => (drafted.kind === 'settled' ? drafted.outcome : sent));
}

function draft(input: EventInput, nowMs: number): Drafted {
  const ageMsMax = input.action_source === 'physical_store' ? STORE_AGE_MS_MAX : AGE_MS_MAX;
  if (nowMs - Date.parse(input.event_time) > ageMsMax) {
    const message = `The event is older than the ${String(ageMsMax / DAY_MS)} days that Meta takes; it was not sent.`;
    return {
      kind: 'settled',
      outcome: { kind: 'rejected', fault: { code: 'meta.event_too_old', message } },
    };
  }
  const event = toServerEvent(input, nowMs);
  if (event !== undefined) return { kind: 'event', event };
  const reason = 'Nothing in user_data is a valid e-mail address, phone number, id or cookie of Meta.';
  return { kind: 'settled', outcome: { kind: 'skipped', reason } };
}

/** In order, each part small enough for a call. */
function parts(events: readonly JsonObject[]): readonly (readonly JsonValue[])[] {
  const found: JsonObject[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = ENCODER.encode(JSON.stringify(event)).length;
    if (found.length === 0 || bytes + size > CALL_BYTES_MAX) {
      found.push([]);
      bytes = 0;
    }
    found.at(-1)?.push(event);
    bytes += size;
  }
  return found;
}

/** A 2xx that does not count every event proves nothing. */
function verdict(body: unknown, count: number): Outcome {
  if (!isJsonObject(body) || body['events_received'] !== count) {
    const message = 'Meta answered success, but not that it has received every event.';
    return { kind: 'retry', fault: { code: 'meta.unexpected_answer', message } };
  }
  const messages = Array.isArray(body['messages']) ? body['messages'] : [];
  const notes = messages.length === 0 ? [] : [`Meta remarks on the call: ${JSON.stringify(messages)}`];
  return { kind: 'delivered', ...(notes.length === 0 ? {} : { notes }) };
}
