import type { SegmentType } from '../kernel/event.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { decodeBody, parseBody } from './body.ts';
import { findWriteKey } from './credential.ts';
import { sortItems, toAnswer, toError } from './ingest.ts';
import type { Ingest, IngestRequest, RejectedAnswer } from './ingest.ts';
import { normaliseCall } from './normalise-call.ts';
import type { Envelope } from './normalise-call.ts';
import { Refusal } from './refusal.ts';
import type { Source } from './source.ts';
import { findStructureFault, isSuspect } from './structure.ts';

/** Segment's answer, and beyond it which items were kept aside, for those who look. */
export interface CallsAnswer {
  readonly success: true;
  readonly rejected?: readonly RejectedAnswer[];
}

/** Accepts one call, whose type the path names. Resolves when it is durable. */
export async function acceptCall(
  ingest: Ingest,
  request: IngestRequest,
  type: SegmentType,
): Promise<CallsAnswer> {
  const { body, text } = await readBody(request);
  const source = await authenticate(ingest, request, body);
  const envelope = { ...makeEnvelope(ingest, request, source, text), type };
  const event = normaliseCall(body, envelope, '');
  if (event instanceof Refusal) {
    await ingest.keepRejected(source, envelope.receivedAt, [{ index: 0, item: body, refusal: event }]);
    throw toError(event);
  }
  await ingest.append(source, [event], request);
  return { success: true };
}

// Segment's limit (segment.com/docs/connections/sources/catalog/libraries/server/http-api, read 2026-11).
const BATCH_ITEMS_MAX = 2_500;

/** Accepts a batch. What it holds of bad items is kept aside; the others are durable when this resolves. */
export async function acceptBatch(ingest: Ingest, request: IngestRequest): Promise<CallsAnswer> {
  const { body, text } = await readBody(request);
  const source = await authenticate(ingest, request, body);
  const items = body['batch'];
  if (!Array.isArray(items)) {
    throw new LinchpinError('ingest.batch_missing', {
      message: 'The body has no list named batch.',
      field: 'batch',
    });
  }
  if (items.length > BATCH_ITEMS_MAX) {
    throw new LinchpinError('ingest.batch_too_long', {
      message: `The batch has ${String(items.length)} items; ${String(BATCH_ITEMS_MAX)} are allowed.`,
      field: 'batch',
    });
  }
  const { sentAt } = body;
  const common = makeEnvelope(ingest, request, source, text);
  const envelope: Envelope = {
    ...common,
    sentAt: typeof sentAt === 'string' ? sentAt : undefined,
    context: getObject(body, 'context', common.isSuspect),
    integrations: getObject(body, 'integrations', common.isSuspect),
  };
  assertMergeable(envelope, items.length);
  const { events, rejected } = sortItems(items, (item, index) =>
    normaliseCall(item, envelope, `batch[${String(index)}]`),
  );
  // In this order a failure in between costs nothing: the sender repeats, and the log knows the events by id.
  await ingest.append(source, events, request);
  await ingest.keepRejected(source, envelope.receivedAt, rejected);
  return rejected.length === 0 ? { success: true } : { success: true, rejected: rejected.map(toAnswer) };
}

async function readBody(
  request: IngestRequest,
): Promise<{ readonly body: JsonObject; readonly text: string }> {
  const text = await decodeBody(request.body, request.contentEncoding);
  request.hold.take(text.length);
  const body = parseBody(text);
  if (!isJsonObject(body)) {
    throw new LinchpinError('ingest.body_not_object', { message: 'The body is JSON, but not an object.' });
  }
  return { body, text };
}

function authenticate(ingest: Ingest, request: IngestRequest, body: JsonObject): Promise<Source> {
  const writeKey = findWriteKey(request.authorization, request.writeKeyHeader, body);
  if (writeKey === undefined) {
    throw new LinchpinError('ingest.write_key_missing', {
      message: 'The call names no write key.',
      field: 'writeKey',
    });
  }
  return ingest.getSource(writeKey, 'segment-calls');
}

function makeEnvelope(ingest: Ingest, request: IngestRequest, source: Source, text: string): Envelope {
  const receivedAtMs = ingest.now();
  return {
    source: source.name,
    receivedAtMs,
    receivedAt: new Date(receivedAtMs).toISOString(),
    clientIp: request.clientIp,
    type: undefined,
    sentAt: undefined,
    context: undefined,
    integrations: undefined,
    isSuspect: isSuspect(text),
  };
}

function getObject(
  body: JsonObject,
  name: 'context' | 'integrations',
  isThorough: boolean,
): JsonObject | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) {
    throw new LinchpinError('ingest.field_invalid', { message: `${name} must be an object.`, field: name });
  }
  const fault = findStructureFault(value, name, isThorough);
  if (fault !== undefined) throw toError(fault);
  return value;
}

// Clients put a kilobyte there at the most, times 2,500 items. Without a bound, one body of 500 kB could
// unfold to a gigabyte.
const MERGED_BYTES_MAX = 8 * 1024 * 1024;

function assertMergeable({ context, integrations }: Envelope, itemCount: number): void {
  if (context === undefined && integrations === undefined) return;
  if (JSON.stringify([context, integrations]).length * itemCount <= MERGED_BYTES_MAX) return;
  throw new LinchpinError('ingest.body_too_large', {
    message: 'The context and integrations of the batch, merged into each item, are too large.',
    field: 'context',
    remedy: 'Send fewer items per batch, or put large values into the items that need them.',
  });
}
