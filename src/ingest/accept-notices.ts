import { LinchpinError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { Notice } from '../kit/index.ts';
import { decodeBody, parseBody } from './body.ts';
import type { Ingest, IngestRequest } from './ingest.ts';

/** What is signed besides the body. */
export interface Signed {
  readonly urls: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface NoticesAnswer {
  readonly success: true;
  /** Notices that were new; echoes of own writes and repetitions are dropped. */
  readonly accepted: number;
}

/**
 * Accepts what a vendor tells of changes at a connection's address; resolves when it is durable. Afterwards whoever
 * remembers the records is told that they have changed.
 */
export async function acceptNotices(
  ingest: Ingest,
  request: IngestRequest,
  connection: string,
  signed: Signed,
): Promise<NoticesAnswer> {
  const { source, secret, webhooks } = await ingest.getWebhookTarget(connection);
  const body = await decodeBody(request.body, request.contentEncoding);
  request.hold.take(body.length);
  if (!webhooks.isGenuine({ method: 'POST', ...signed, body }, secret, ingest.now())) {
    throw new LinchpinError('ingest.signature_invalid', {
      message: `The call is not signed with the webhook secret of ${connection}, or too long ago.`,
    });
  }
  const notices = webhooks.read(parseBody(body));
  if (notices === undefined) {
    throw new LinchpinError('ingest.notice_invalid', {
      message: `The body is not in the form of ${source.type}'s webhooks.`,
    });
  }
  const foreign = notices.filter(({ isOwnWrite }) => !isOwnWrite);
  const receivedAt = new Date(ingest.now()).toISOString();
  const { appendedCount } = await ingest.append(
    source,
    foreign.map((notice) => toEvent(notice, source.name, receivedAt)),
    request,
  );
  ingest.tellChanged(
    source,
    foreign.flatMap(({ changed }) => changed),
  );
  return { success: true, accepted: appendedCount };
}

function toEvent(notice: Notice, source: string, receivedAt: string): NewEvent {
  return {
    id: notice.id,
    source,
    type: 'record',
    name: notice.name,
    personKey: notice.recordKey,
    occurredAt: new Date(notice.occurredAtMs).toISOString(),
    receivedAt,
    body: JSON.stringify(notice.payload),
  };
}
