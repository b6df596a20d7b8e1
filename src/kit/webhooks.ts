import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../kernel/json.ts';
import type { Redacted } from '../kernel/redacted.ts';
import type { ConnectionCache } from './cache.ts';

/** A request of a vendor to `/webhooks/<connection>`, as it was signed. */
export interface WebhookRequest {
  readonly method: 'POST';
  /** The addresses under which the vendor may know this place: a proxy in front may have changed http for https. */
  readonly urls: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One thing that the vendor tells. */
export interface Notice {
  /** The same for a repetition, so that the log drops it; at most 100 characters. */
  readonly id: string;
  /** The vendor's word for what happened, e.g. `contact.propertyChange`. */
  readonly name: string;
  readonly occurredAtMs: number;
  /** Notices of one record have the same key. */
  readonly recordKey: string;
  readonly payload: JsonObject;
  /** True for the echo of a write of this connection: nothing that Linchpin does not know. */
  readonly isOwnWrite: boolean;
  /** Records of which values may have changed. */
  readonly changed: readonly ChangedRecord[];
}

/** In the words of the connector; neither holds a line break or a tab. */
export interface ChangedRecord {
  readonly type: string;
  readonly id: string;
}

/** What a vendor tells of changes in it. Pure: the engine takes the request, keeps the notices, and passes on what changed. */
export interface Webhooks<Settings> {
  /** What the vendor signs with; undefined for a connection that takes none. */
  readonly secret: (settings: Settings) => Redacted | undefined;
  /** Whether the vendor has sent the request, and now. */
  readonly isGenuine: (request: WebhookRequest, secret: Redacted, nowMs: number) => boolean;
  /** The notices in a body; undefined when it is none of the vendor's. */
  readonly read: (body: unknown) => readonly Notice[] | undefined;
  /** Drops what the cache holds of a record, or of all when it is not known which. */
  readonly forget: (cache: ConnectionCache, record: ChangedRecord | undefined) => void;
}

/** True when `signature` is the HMAC of the text with SHA-256; takes as long for a wrong one as for the right one. */
export function isHmacSha256(
  text: string,
  secret: Redacted,
  signature: string,
  encoding: 'base64' | 'hex',
): boolean {
  const expected = createHmac('sha256', secret.reveal()).update(text).digest();
  const given = Buffer.from(signature, encoding);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
