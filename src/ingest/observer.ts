/**
 * What ingest tells whoever measures and logs it, so that it knows none of them. Calls are made on the hot path and
 * must be cheap and never throw.
 */
import type { ErrorCode } from '../kernel/error-codes.ts';

/** One request to an ingest route, after it was answered. */
export interface RequestAnswered {
  /** The path of the route: one of a fixed few. */
  readonly route: string;
  readonly status: number;
  /** Why it was refused. */
  readonly code: ErrorCode | undefined;
  /** Of the body, as it came over the wire. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
  readonly durationMs: number;
  /** The trace that the sender is part of (w3.org/TR/trace-context), as it wrote it. */
  readonly trace: { readonly traceparent?: string; readonly tracestate?: string };
}

export interface IngestObserver {
  answered(news: RequestAnswered): void;
  /** Events of a source are durable; duplicates are those that the log had already. */
  accepted(news: {
    readonly source: string;
    readonly eventCount: number;
    readonly duplicateCount: number;
  }): void;
  /** An item was refused and kept aside. */
  rejected(news: { readonly source: string; readonly code: ErrorCode }): void;
}

export const SILENT_INGEST_OBSERVER: IngestObserver = {
  answered: () => undefined,
  accepted: () => undefined,
  rejected: () => undefined,
};
