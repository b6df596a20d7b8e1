import { propagation, ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import type { RunSettled } from '../delivery/index.ts';
import { makeTracing } from './tracing.ts';

interface Recorded {
  readonly name: string;
  readonly parentSpanId: string | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly start: unknown;
  end: unknown;
  readonly attributes: Attributes;
  isError: boolean;
}

let recorded: Recorded[] = [];

/** A tracer in memory: the little of an SDK that these tests need. */
function startSpan(name: string, options: SpanOptions = {}, parent: Context = ROOT_CONTEXT): Span {
  const within = trace.getSpanContext(parent);
  const spanId = String(recorded.length + 1).padStart(16, '0');
  const traceId = within?.traceId ?? spanId.repeat(2);
  const { startTime: start, attributes = {} } = options;
  const own: Recorded = {
    name,
    parentSpanId: within?.spanId,
    traceId,
    spanId,
    start,
    end: undefined,
    attributes: { ...attributes },
    isError: false,
  };
  recorded.push(own);
  const context: SpanContext = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  const span = {
    spanContext: () => context,
    isRecording: () => true,
    setAttribute: (key: string, value: Attributes[string]) => {
      own.attributes[key] = value;
      return span;
    },
    setStatus: ({ code }: { code: SpanStatusCode }) => {
      own.isError = code === SpanStatusCode.ERROR;
      return span;
    },
    end: (time: unknown) => {
      own.end = time;
    },
  };
  return span as unknown as Span;
}

beforeEach(() => {
  recorded = [];
});

afterEach(() => {
  trace.disable();
  propagation.disable();
});

function install(): void {
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) as unknown as Tracer });
  propagation.setGlobalPropagator({
    inject: () => undefined,
    fields: () => ['traceparent'],
    extract: (context, carrier, getter) => {
      const text = getter.get(carrier, 'traceparent');
      const [, traceId = '', spanId = ''] = String(text).split('-');
      return trace.setSpanContext(context, {
        traceId,
        spanId,
        traceFlags: TraceFlags.SAMPLED,
        isRemote: true,
      });
    },
  });
}

const REQUEST = {
  route: '/v1/batch',
  status: 200,
  code: undefined,
  bytes: 120,
  endedAtMs: 1_000,
  durationMs: 40,
  trace: {},
} as const;

const EXCHANGE = {
  method: 'POST',
  url: 'https://api.example.com/contacts/ada@example.com?idProperty=email',
  requestBody: '{"email":"ada@example.com"}',
  startedAt: '1970-01-01T00:00:05.000Z',
  durationMs: 80,
} as const;

const RUN: RunSettled = {
  workspace: 'acme',
  connection: 'hubspot',
  flow: 'f',
  action: 'upsert-contact',
  priority: 'live',
  works: [{ parts: [{ eventId: 'e1' }, { eventId: 'e2' }] }] as unknown as RunSettled['works'],
  outcomes: [{ kind: 'delivered' }],
  exchanges: [{ ...EXCHANGE, status: 200 }],
  durationMs: 120,
  endedAtMs: 5_100,
};

test('without an SDK in the process nothing comes of spans', () => {
  const tracing = makeTracing('1', makeManualClock());
  tracing.ingest.answered({ ...REQUEST, trace: { traceparent: 'nonsense' } });
  tracing.delivery.runSettled(RUN);
  tracing.appended({ eventCount: 1, requestCount: 1, durationMs: 1, endedAtMs: 1, isDurable: true });
  expect(recorded).toEqual([]);
});

test('a request is a span of the trace that its sender names, with the times that it took', () => {
  install();
  const traceId = 'a'.repeat(32);
  const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`;
  makeTracing('1', makeManualClock()).ingest.answered({ ...REQUEST, trace: { traceparent } });
  expect(recorded).toMatchObject([
    {
      name: 'linchpin.ingest',
      traceId,
      parentSpanId: 'b'.repeat(16),
      start: 960,
      end: 1_000,
      isError: false,
      attributes: { 'http.route': '/v1/batch', 'http.response.status_code': 200 },
    },
  ]);
});

test('an append and what a reader records are spans, and one that failed is an error', () => {
  install();
  const clock = makeManualClock(2_000);
  const tracing = makeTracing('1', clock);
  tracing.appended({ eventCount: 9, requestCount: 3, durationMs: 4, endedAtMs: 500, isDurable: true });
  tracing.appended({ eventCount: 1, requestCount: 1, durationMs: 4, endedAtMs: 600, isDurable: false });
  tracing.delivery.recorded({ workspace: 'acme', connection: 'hubspot', entryCount: 2, durationMs: 5 });
  expect(recorded.map(({ name, start, end, isError }) => [name, start, end, isError])).toEqual([
    ['linchpin.append', 496, 500, false],
    ['linchpin.append', 596, 600, true],
    ['linchpin.record', 1_995, 2_000, false],
  ]);
});

test('a batch is a span with its calls as children, and names its events', () => {
  install();
  const exchanges = [{ ...EXCHANGE, status: 200 }, { ...EXCHANGE, status: 503 }, EXCHANGE];
  makeTracing('1', makeManualClock()).delivery.runSettled({ ...RUN, exchanges });
  const [batch, ...calls] = recorded;
  expect(batch).toMatchObject({ name: 'linchpin.batch', start: 4_980, end: 5_100, isError: false });
  expect(batch?.attributes['linchpin.event_ids']).toEqual(['e1', 'e2']);
  expect(calls.map(({ name, parentSpanId, isError }) => [name, parentSpanId, isError])).toEqual([
    ['linchpin.vendor_call', batch?.spanId, false],
    ['linchpin.vendor_call', batch?.spanId, true],
    ['linchpin.vendor_call', batch?.spanId, true],
  ]);
  expect(calls[0]).toMatchObject({ start: 5_000, end: 5_080 });
});

test('no span holds what names a person', () => {
  install();
  makeTracing('1', makeManualClock()).delivery.runSettled(RUN);
  expect(recorded).toHaveLength(2);
  expect(JSON.stringify(recorded)).not.toContain('ada');
});
