/**
 * The seam for what HubSpot tells of its own accord (webhooks, its journal): which changes are echoes of ours, and which
 * make what is known of a record stale.
 */
import type { DeliverContext } from '../../../kit/index.ts';
import type { Settings } from '../settings.ts';
import { Catalogue } from './catalogue.ts';
import { fingerprint } from './fingerprint.ts';
import { KnownRecords } from './known-records.ts';
import { canonicalValue } from './same-value.ts';

/** A property of a record that has changed in HubSpot. */
export interface PropertyChange {
  readonly type: string;
  readonly recordId: string;
  readonly name: string;
  readonly value: string;
}

type ChangeContext = Pick<DeliverContext<Settings, unknown>, 'cache' | 'nowMs'>;

/**
 * Whether a change has the value that we wrote last, or read there: it then brings no news, whoever made it. A change
 * back to a value that others had changed meanwhile is no echo, and shows by the change in between.
 */
export function isEcho({ type, recordId, name, value }: PropertyChange, context: ChangeContext): boolean {
  const known = KnownRecords.of(context.cache, type).find(recordId, context.nowMs);
  const property = Catalogue.cached({ ...context, type }, [name])?.get(name);
  const text = property === undefined ? value : canonicalValue(property, value);
  return known?.packed(name) === fingerprint(text);
}

/** Forgets what is known of a record, so that it is read before the next write that depends on it. */
export function invalidateRecord(
  { type, recordId }: Pick<PropertyChange, 'type' | 'recordId'>,
  { cache }: Pick<ChangeContext, 'cache'>,
): void {
  KnownRecords.of(cache, type).invalidate(recordId);
}
