/** The HTTP server over a log in memory, with a source of each kind. */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../src/kernel/clock.ts';
import type { LinchpinError } from '../../src/kernel/errors.ts';
import { makeServer } from '../../src/http/index.ts';
import type { ReadinessReport, ServerParts } from '../../src/http/index.ts';
import { hashCredential } from '../../src/store/credential-hash.ts';
import { Intake } from '../../src/ingest/index.ts';
import type {
  IngestObserver,
  RejectedEvent,
  RequestAnswered,
  Source,
  WebhookTarget,
} from '../../src/ingest/index.ts';
import type { ChangedRecord } from '../../src/kit/index.ts';
import { Redacted } from '../../src/kernel/redacted.ts';
import { MemoryLog } from './memory-log.ts';

export const WRITE_KEY = 'wk_test';
export const TOKEN = 'whs_test';

/** What the vendor of the connection `crm` signs everything with. */
export const WEBHOOK_SIGNATURE = 'signed';

export const RECEIVED_AT = '2026-11-21T05:12:00.000Z';

const SOURCES: readonly (readonly [credential: string, source: Source])[] = [
  [WRITE_KEY, { workspaceId: 1, name: 'site', type: 'segment' }],
  [TOKEN, { workspaceId: 1, name: 'sesamy', type: 'sesamy' }],
];

export interface IngestServer {
  readonly server: FastifyInstance;
  readonly log: MemoryLog;
  readonly rejected: readonly RejectedEvent[];
  /** What the server wrote to its own log. */
  readonly errors: readonly string[];
  /** Every request to an ingest route, as the observer was told of it. */
  readonly answered: readonly RequestAnswered[];
  readonly intake: Intake;
  readonly lookups: readonly string[];
  /** Which records of which connection somebody else changed. */
  readonly changed: readonly (readonly [connection: string, records: readonly ChangedRecord[]])[];
  /** The addresses under which the last webhook may have been signed. */
  readonly webhookUrls: readonly string[];
  readonly setLookupFailure: (failure: Error | undefined) => void;
  readonly setReadiness: (report: ReadinessReport) => void;
  readonly advance: (ms: number) => void;
  /** Forgets what was received, so that one server can serve many runs of a property. */
  readonly clear: () => void;
}

export interface IngestServerOptions extends Pick<ServerParts, 'trustProxy' | 'metrics'> {
  readonly bounds?: ConstructorParameters<typeof Intake>[1];
  readonly refusal?: () => LinchpinError | undefined;
}

export function makeIngestServer({ bounds, refusal, ...options }: IngestServerOptions = {}): IngestServer {
  const log = new MemoryLog();
  const rejected: RejectedEvent[] = [];
  const errors: string[] = [];
  const lookups: string[] = [];
  const changed: (readonly [string, readonly ChangedRecord[]])[] = [];
  const webhookUrls: string[] = [];
  const sources = new Map(
    SOURCES.map(([credential, source]) => [hashCredential(credential).toString('hex'), source]),
  );
  let lookupFailure: Error | undefined;
  let readiness: ReadinessReport = { ready: true, checks: [] };
  let nowMs = Date.parse(RECEIVED_AT);
  const clock: Clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  const answered: RequestAnswered[] = [];
  const observer: IngestObserver = {
    answered: (news) => void answered.push(news),
    accepted: () => undefined,
    rejected: () => undefined,
  };
  const intake = new Intake(clock, bounds);
  const server = makeServer({
    ...options,
    ingest: {
      intake,
      observer,
      ...(refusal === undefined ? {} : { refusal }),
      findSource: (hash) => {
        lookups.push(hash.toString('hex'));
        if (lookupFailure !== undefined) return Promise.reject(lookupFailure);
        return Promise.resolve(sources.get(hash.toString('hex')));
      },
      accepts: (type) => (type === 'segment' ? 'segment-calls' : 'subscriber-events'),
      findWebhookTarget: (connection) =>
        Promise.resolve(connection === 'crm' ? webhookTarget(webhookUrls) : undefined),
      onRecordsChanged: ({ name }, records) => void changed.push([name, records]),
      logOf: () => log,
      saveRejected: (events) => {
        rejected.push(...events);
        return Promise.resolve();
      },
      clock,
    },
    readiness: () => Promise.resolve(readiness),
    logger: { error: (_fields, message) => void errors.push(message) },
  });
  return {
    server,
    log,
    rejected,
    errors,
    answered,
    intake,
    lookups,
    changed,
    webhookUrls,
    setLookupFailure: (failure) => {
      lookupFailure = failure;
    },
    setReadiness: (report) => {
      readiness = report;
    },
    advance: (ms) => {
      nowMs += ms;
    },
    clear: () => {
      for (const list of [log.events, rejected, errors, answered, lookups]) list.length = 0;
    },
  };
}

/** A vendor that signs with one word and tells of things. */
function webhookTarget(urls: string[]): WebhookTarget {
  return {
    source: { workspaceId: 1, name: 'crm', type: 'test' },
    secret: new Redacted(WEBHOOK_SIGNATURE),
    webhooks: {
      isGenuine: (request, secret) => {
        urls.splice(0, urls.length, ...request.urls);
        return request.headers['x-signature'] === secret.reveal();
      },
      read: (body) =>
        Array.isArray(body)
          ? body.map(
              ({ id, record, isOwnWrite = false }: { id: string; record: string; isOwnWrite?: boolean }) => ({
                id,
                name: 'thing.changed',
                occurredAtMs: 0,
                recordKey: `thing:${record}`,
                payload: { id },
                isOwnWrite,
                changed: [{ type: 'thing', id: record }],
              }),
            )
          : undefined,
    },
  };
}
