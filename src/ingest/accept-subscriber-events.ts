import { LinchpinError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { makeId } from '../kernel/ids.ts';
import { isJsonObject } from '../kernel/json.ts';
import {
  isSubscriberEventType,
  subscriberEventId,
  subscriberEventSchema,
  subscriberEventTime,
} from '../subscribers/index.ts';
import { decodeBody, parseBody } from './body.ts';
import { bearerToken } from './credential.ts';
import { sortItems, toAnswer, toError } from './ingest.ts';
import type { Ingest, IngestRequest, RejectedAnswer } from './ingest.ts';
import { fieldPath, refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import { findStructureFault, isSuspect } from './structure.ts';
import { correctedTime } from './timestamps.ts';

export interface SubscriberEventsAnswer {
  readonly success: true;
  /** Events that were new. */
  readonly accepted: number;
  /** Events that had come before, within the last 24 hours. */
  readonly duplicates: number;
  readonly rejected: readonly RejectedAnswer[];
  /** Event types that Linchpin does not know: stored all the same, but nothing will come of them. */
  readonly unknownTypes: readonly string[];
}

// As for a Segment batch: what fits the body at 200 bytes an event.
const ITEMS_MAX = 2_500;

/** Accepts one subscriber event, or a list of them; resolves when they are durable. */
export async function acceptSubscriberEvents(
  ingest: Ingest,
  request: IngestRequest,
): Promise<SubscriberEventsAnswer> {
  const token = bearerToken(request.authorization);
  if (token === undefined) {
    throw new LinchpinError('ingest.token_missing', {
      message: 'The call carries no bearer token.',
      field: 'Authorization',
    });
  }
  const source = await ingest.getSource(token, 'subscriber-events');
  const text = await decodeBody(request.body, request.contentEncoding);
  request.hold.take(text.length);
  const body = parseBody(text);
  const isList = Array.isArray(body);
  const items: readonly unknown[] = isList ? body : [body];
  if (items.length > ITEMS_MAX) {
    throw new LinchpinError('ingest.batch_too_long', {
      message: `The list has ${String(items.length)} events; ${String(ITEMS_MAX)} are allowed.`,
    });
  }

  const receivedAtMs = ingest.now();
  const receivedAt = new Date(receivedAtMs).toISOString();
  const isThorough = isSuspect(text);
  const { events, rejected } = sortItems(items, (item, index) =>
    normaliseSubscriberEvent(item, {
      source: source.name,
      receivedAtMs,
      field: isList ? fieldPath('', index) : '',
      isThorough,
    }),
  );
  const receipt = await ingest.append(source, events, request);
  await ingest.keepRejected(source, receivedAt, rejected);
  const [only] = rejected;
  if (!isList && only !== undefined) throw toError(only.refusal);

  const types = new Set(events.map((event) => event.name ?? ''));
  return {
    success: true,
    accepted: receipt.appendedCount,
    duplicates: events.length - receipt.appendedCount,
    rejected: rejected.map(toAnswer),
    unknownTypes: [...types].filter((type) => !isSubscriberEventType(type)),
  };
}

interface ItemContext {
  readonly source: string;
  readonly receivedAtMs: number;
  readonly field: string;
  readonly isThorough: boolean;
}

/** A raw subscriber event in the one form that every reader sees, or why it is refused. */
export function normaliseSubscriberEvent(item: unknown, context: ItemContext): NewEvent | Refusal {
  const { field } = context;
  if (!isJsonObject(item)) return refuse('ingest.item_not_object', field, 'The item is not a JSON object.');
  const fault = findStructureFault(item, field, context.isThorough);
  if (fault !== undefined) return fault;

  const result = subscriberEventSchema.safeParse(item);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
    const at = path.reduce<string>(fieldPath, field);
    const name = String(path.at(-1) ?? 'The event');
    return refuse('ingest.field_invalid', at, `${name}: ${issue?.message ?? 'is invalid'}.`);
  }
  const event = result.data;
  const time = subscriberEventTime(event);
  const isKeepable =
    correctedTime({
      givenMs: Date.parse(time),
      sentAtMs: undefined,
      receivedAtMs: context.receivedAtMs,
    }) !== undefined;
  if (!isKeepable) {
    const message = 'The time lies before 1970 or after the year 9999.';
    return refuse('ingest.timestamp_invalid', fieldPath(field, 'occured_at'), message);
  }
  return {
    id: subscriberEventId(event) ?? makeId('sub', context.receivedAtMs),
    source: context.source,
    type: 'subscriber',
    name: event.eventType,
    personKey: event.userId.trim().toLowerCase(),
    occurredAt: time,
    receivedAt: new Date(context.receivedAtMs).toISOString(),
    body: JSON.stringify(item),
  };
}
