/**
 * Spans of OpenTelemetry, through its API package alone: without an SDK in the process each call below does nothing.
 * They are made of what the observers tell afterwards, with the times that it really took, so that no code of the
 * engine knows of traces. A request belongs to the trace that its sender names in `traceparent`; delivery begins traces
 * of its own, because the log keeps no trace of an event.
 */
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { DeliveryObserver, RunSettled } from '../delivery/index.ts';
import type { IngestObserver } from '../ingest/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { AppendFact } from '../log/index.ts';

export interface Tracing {
  readonly delivery: DeliveryObserver;
  readonly ingest: IngestObserver;
  appended(news: AppendFact): void;
}

// Of a batch of hundreds; enough to find one of them again.
const EVENT_IDS_MAX = 20;

export function makeTracing(version: string, clock: Clock): Tracing {
  const tracer = trace.getTracer('linchpin', version);
  return {
    ingest: {
      answered: ({ route, status, code, bytes, endedAtMs, durationMs, trace: sent }) => {
        // Nobody reads headers that carry nothing.
        const parent =
          sent.traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { ...sent });
        const span = begin(tracer, 'linchpin.ingest', SpanKind.SERVER, endedAtMs - durationMs, parent, {
          'http.route': route,
          'http.response.status_code': status,
          'http.request.body.size': bytes,
          ...(code === undefined ? {} : { 'error.type': code }),
        });
        end(span, endedAtMs, status >= 500 ? (code ?? String(status)) : undefined);
      },
      accepted: () => undefined,
      rejected: () => undefined,
    },
    appended: ({ eventCount, requestCount, durationMs, endedAtMs, isDurable }) => {
      const startedAtMs = endedAtMs - durationMs;
      const span = begin(tracer, 'linchpin.append', SpanKind.INTERNAL, startedAtMs, ROOT_CONTEXT, {
        'linchpin.event_count': eventCount,
        'linchpin.request_count': requestCount,
      });
      end(span, endedAtMs, isDurable ? undefined : 'append_failed');
    },
    delivery: {
      runSettled: (run) => {
        traceRun(tracer, run);
      },
      recorded: ({ connection, entryCount, durationMs }) => {
        const endedAtMs = clock.now();
        const startedAtMs = endedAtMs - durationMs;
        const span = begin(tracer, 'linchpin.record', SpanKind.INTERNAL, startedAtMs, ROOT_CONTEXT, {
          'linchpin.connection': connection,
          'linchpin.entry_count': entryCount,
        });
        end(span, endedAtMs, undefined);
      },
      unsent: () => undefined,
      failed: () => undefined,
      breaker: () => undefined,
      suspended: () => undefined,
      resumed: () => undefined,
    },
  };
}

function traceRun(tracer: Tracer, run: RunSettled): void {
  const { connection, flow, action, priority, works, outcomes, exchanges, durationMs, endedAtMs } = run;
  const batch = begin(tracer, 'linchpin.batch', SpanKind.INTERNAL, endedAtMs - durationMs, ROOT_CONTEXT, {
    'linchpin.connection': connection,
    'linchpin.flow': flow,
    'linchpin.action': action,
    'linchpin.priority': priority,
    'linchpin.input_count': works.length,
  });
  if (!batch.isRecording()) return;
  const eventIds = works.flatMap(({ parts }) => parts.map(({ eventId }) => eventId));
  batch.setAttribute('linchpin.event_ids', eventIds.slice(0, EVENT_IDS_MAX));
  const within = trace.setSpan(context.active(), batch);
  for (const { method, url, status, startedAt, durationMs: callMs } of exchanges) {
    const startedAtMs = Date.parse(startedAt);
    // Paths and queries may name a person; the host does not.
    const host = URL.canParse(url) ? new URL(url).host : '';
    const call = begin(tracer, 'linchpin.vendor_call', SpanKind.CLIENT, startedAtMs, within, {
      'http.request.method': method,
      'server.address': host,
      ...(status === undefined ? {} : { 'http.response.status_code': status }),
    });
    const isFault = status === undefined || status >= 400;
    end(call, startedAtMs + callMs, isFault ? String(status ?? 'no_answer') : undefined);
  }
  const failed = outcomes.find(
    ({ kind }) => kind !== 'delivered' && kind !== 'skipped' && kind !== 'deferred',
  );
  end(batch, endedAtMs, failed?.kind);
}

function begin(
  tracer: Tracer,
  name: string,
  kind: SpanKind,
  startTime: number,
  parent: Context,
  attributes: Attributes,
): Span {
  return tracer.startSpan(name, { kind, startTime, attributes }, parent);
}

function end(span: Span, endTime: number, fault: string | undefined): void {
  if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
  span.end(endTime);
}
