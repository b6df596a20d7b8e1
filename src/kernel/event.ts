import type { JsonObject } from './json.ts';

/** The calls of the Segment specification that ingest accepts. */
export const SEGMENT_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type SegmentType = (typeof SEGMENT_TYPES)[number];

/**
 * What an event is. Segment calls keep their own type; `subscriber` is a raw notice of a subscription
 * platform, which carries ids only; the two after it are derived from it and carry the full picture; `record` is a
 * vendor's notice that a record changed there; `connection` tells what happened to a connection of Linchpin itself.
 */
export const EVENT_TYPES = [
  ...SEGMENT_TYPES,
  'subscriber',
  'subscriber.changed',
  'checkout.confirmed',
  'record',
  'connection',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** A place in the log of a workspace. Grows with commit order; 2^53 positions outlast every deployment. */
export type Position = number;

/** One thing that happened, in the one form that every reader sees. */
export interface Event {
  /** The sender's message id, or one that Linchpin made; unique within the workspace. */
  readonly id: string;
  /** The name of the source in the configuration. */
  readonly source: string;
  readonly type: EventType;
  /** A track call's event name, a page's name, a subscriber event's type; null where there is none. */
  readonly name: string | null;
  /** First of user id, e-mail, anonymous id, group id; trimmed, lower-cased. Spreads events over slots. */
  readonly personKey: string;
  /** When it happened, ISO 8601 in UTC, corrected for the sender's clock. */
  readonly occurredAt: string;
  /** When Linchpin accepted it, ISO 8601 in UTC. */
  readonly receivedAt: string;
  readonly payload: JsonObject;
}

/** An event on its way into the log: the payload already as JSON text, made once where it was checked. */
export interface NewEvent extends Omit<Event, 'payload'> {
  readonly body: string;
}

/** An event as read back from the log. */
export interface LoggedEvent extends Event {
  readonly position: Position;
}
