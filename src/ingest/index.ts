/** Ingest: accept → normalise → append. */
export { acceptBatch, acceptCall } from './accept-calls.ts';
export { acceptNotices } from './accept-notices.ts';
export { acceptSubscriberEvents } from './accept-subscriber-events.ts';
export { BODY_BYTES_MAX, refuseBodySize } from './body.ts';
export { Ingest } from './ingest.ts';
export type { IngestParts, IngestRequest } from './ingest.ts';
export { normaliseCall } from './normalise-call.ts';
export { Refusal } from './refusal.ts';
export { Intake } from './intake.ts';
export type { Hold } from './intake.ts';
export type { IngestObserver, RequestAnswered } from './observer.ts';
export type { RejectedEvent } from './refusal.ts';
export type { Source } from './source.ts';
export { makeWebhookTargets } from './webhook-targets.ts';
export type { WebhookTarget } from './webhook-targets.ts';
