import type { Clock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { ChangedRecord } from '../kit/index.ts';
import type { AppendReceipt, EventLog } from '../log/index.ts';
import { Intake, weigh } from './intake.ts';
import type { Hold } from './intake.ts';
import { SILENT_INGEST_OBSERVER } from './observer.ts';
import type { IngestObserver } from './observer.ts';
import { Refusal } from './refusal.ts';
import type { RejectedEvent } from './refusal.ts';
import { makeSourceCache } from './source-cache.ts';
import type { FindSource } from './source-cache.ts';
import type { Accepts, Source } from './source.ts';
import { toKeptText } from './structure.ts';
import type { WebhookTarget } from './webhook-targets.ts';

/** What ingest needs of the rest of Linchpin. */
export interface IngestParts {
  readonly findSource: FindSource;
  /** What a source of this type may send; `undefined` for a type that receives nothing over HTTP. */
  readonly accepts: (sourceType: string) => Accepts | undefined;
  /** Connections whose vendors tell of changes; none when absent. */
  readonly findWebhookTarget?: (connection: string) => Promise<WebhookTarget | undefined>;
  /** Somebody else changed records at the vendor of a connection. */
  readonly onRecordsChanged?: (connection: Source, records: readonly ChangedRecord[]) => void;
  readonly logOf: (workspaceId: number) => Pick<EventLog, 'append'>;
  /** Resolves when the rejected events are durable. */
  readonly saveRejected: (events: readonly RejectedEvent[]) => Promise<void>;
  readonly clock: Clock;
  /** Why nothing can be taken in just now, if so. */
  readonly refusal?: () => LinchpinError | undefined;
  readonly intake?: Intake;
  readonly observer?: IngestObserver;
}

/** A request as it came over the wire, its body still as bytes. */
export interface IngestRequest {
  readonly body: Buffer;
  readonly contentEncoding: string | undefined;
  readonly authorization: string | undefined;
  readonly writeKeyHeader: string | undefined;
  /** The sender's address, proxies of ours already looked through. */
  readonly clientIp: string;
  /** Its share of what ingest may hold in memory. */
  readonly hold: Hold;
}

/** The steps that all ingest routes share: know the source, append, keep what was refused. */
export class Ingest {
  readonly #parts: IngestParts;
  readonly #findSource: (credential: string) => Promise<Source | undefined>;
  readonly #observer: IngestObserver;
  readonly intake: Intake;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#observer = parts.observer ?? SILENT_INGEST_OBSERVER;
    this.intake = parts.intake ?? new Intake(parts.clock);
    this.#findSource = makeSourceCache(parts.findSource, parts.clock);
  }

  now(): number {
    return this.#parts.clock.now();
  }

  get observer(): IngestObserver {
    return this.#observer;
  }

  /** Throws when the request cannot be taken just now. Its hold must be ended, whatever comes of it. */
  admit({ hold }: IngestRequest): void {
    const refusal = this.#parts.refusal?.();
    if (refusal !== undefined) throw refusal;
    hold.begin();
  }

  /** The source that a credential belongs to; throws when there is none or it may not send this. */
  async getSource(credential: string, wanted: Accepts): Promise<Source> {
    const source = await available(() => this.#findSource(credential));
    if (source === undefined) {
      throw wanted === 'segment-calls'
        ? new LinchpinError('ingest.write_key_unknown', {
            message: 'No source has this write key.',
            field: 'writeKey',
          })
        : new LinchpinError('ingest.token_unknown', {
            message: 'No source has this bearer token.',
            field: 'Authorization',
          });
    }
    if (this.#parts.accepts(source.type) !== wanted) {
      throw new LinchpinError('ingest.source_mismatch', {
        message: `The source ${source.name} is of type ${source.type}, which does not send ${WORDS[wanted]}.`,
      });
    }
    return source;
  }

  /** The connection that takes webhooks under this name; throws when there is none. */
  async getWebhookTarget(connection: string): Promise<WebhookTarget> {
    const target = await available(
      () => this.#parts.findWebhookTarget?.(connection) ?? Promise.resolve(undefined),
    );
    if (target !== undefined) return target;
    throw new LinchpinError('ingest.webhook_unknown', {
      message: 'No connection of this name takes webhooks.',
    });
  }

  /** Whoever remembers what the records held must ask again. */
  tellChanged(connection: Source, records: readonly ChangedRecord[]): void {
    if (records.length > 0) this.#parts.onRecordsChanged?.(connection, records);
  }

  /** Resolves when the events are durable, and nothing was lost if it rejects: the sender tries again. */
  async append(source: Source, events: readonly NewEvent[], { hold }: IngestRequest): Promise<AppendReceipt> {
    if (events.length === 0) return { appendedCount: 0, duplicateIds: [] };
    hold.take(weigh(events));
    const receipt = await available(() => this.#parts.logOf(source.workspaceId).append(events));
    const eventCount = receipt.appendedCount;
    this.#observer.accepted({
      source: source.name,
      eventCount,
      duplicateCount: events.length - eventCount,
    });
    return receipt;
  }

  async keepRejected(source: Source, receivedAt: string, rejected: readonly RejectedItem[]): Promise<void> {
    if (rejected.length === 0) return;
    const events = rejected.map(({ refusal, item }) => ({
      workspaceId: source.workspaceId,
      source: source.name,
      receivedAt,
      code: refusal.code,
      field: refusal.field === '' ? null : refusal.field,
      message: refusal.message,
      body: toKeptText(item),
    }));
    await available(() => this.#parts.saveRejected(events));
    for (const { refusal } of rejected) this.#observer.rejected({ source: source.name, code: refusal.code });
  }
}

const WORDS: Readonly<Record<Accepts, string>> = {
  'segment-calls': 'Segment calls',
  'subscriber-events': 'subscriber events',
};

export interface RejectedItem {
  readonly index: number;
  readonly item: unknown;
  readonly refusal: Refusal;
}

/** A rejected item as the sender is told of it. */
export interface RejectedAnswer {
  readonly index: number;
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

export function toAnswer({ index, refusal: { code, field, message } }: RejectedItem): RejectedAnswer {
  return { index, code, field, message };
}

/** The items of a call, each in its place: an event, or an item with the reason why it is none. */
export interface Sorted {
  readonly events: readonly NewEvent[];
  readonly rejected: readonly RejectedItem[];
}

export function sortItems(
  items: readonly unknown[],
  normalise: (item: unknown, index: number) => NewEvent | Refusal,
): Sorted {
  const events: NewEvent[] = [];
  const rejected: RejectedItem[] = [];
  for (const [index, item] of items.entries()) {
    const result = normalise(item, index);
    if (result instanceof Refusal) rejected.push({ index, item, refusal: result });
    else events.push(result);
  }
  return { events, rejected };
}

/** The error that refuses a call of one item. */
export function toError({ code, field, message }: Refusal): LinchpinError {
  return new LinchpinError(code, { message, ...(field === '' ? {} : { field }) });
}

/**
 * A store that cannot answer is nobody's mistake but ours: senders keep their events on 503 and try again,
 * where a 401 or 400 would make them drop the data for good.
 */
async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof LinchpinError) throw cause;
    throw new LinchpinError('ingest.unavailable', {
      message: 'The event could not be stored just now.',
      cause,
    });
  }
}
