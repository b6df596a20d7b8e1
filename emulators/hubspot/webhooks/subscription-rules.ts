import { invalid } from '../errors.ts';
import { isFields, readFlag, readText } from '../input.ts';
import type { Fields } from '../input.ts';
import type { EmulatorRequest } from '../../core/index.ts';
import { EVENT_TYPES } from './event-types.ts';
import type { Subscription, WebhookSettings } from './subscription.ts';
import { CONCURRENCY_DEFAULT } from './webhook-state.ts';

// Documented: these two never come as a change of a property.
const SILENT_PROPERTIES = ['hs_lastmodifieddate', 'num_unique_conversion_events'];
// Documented: "must be greater than 5".
const CONCURRENCY_ABOVE = 5;
// A receiver on this machine is how an emulator is used; HubSpot itself takes https only.
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

interface Read {
  readonly request: EmulatorRequest;
  readonly now: number;
}

export function parseSubscription({ request, now }: Read, fields: Fields): Omit<Subscription, 'id'> {
  const text = (key: string): string | undefined => {
    const value = readText(request, fields, key);
    return value === '' ? undefined : value;
  };
  const eventType = text('eventType');
  if (eventType === undefined) throw invalid('Some required fields were not set: [eventType]');
  if (!EVENT_TYPES.includes(eventType)) throw invalid(`Unknown event type: ${eventType}`);
  const isPropertyChange = eventType.endsWith('.propertyChange');
  const propertyName = text('propertyName');
  if (isPropertyChange && propertyName === undefined) {
    throw invalid(`A propertyName is required for ${eventType}`);
  }
  if (isPropertyChange && SILENT_PROPERTIES.includes(propertyName ?? '')) {
    throw invalid(`Cannot subscribe to changes of ${propertyName}`);
  }
  const objectTypeId = text('objectTypeId');
  if (eventType.startsWith('object.') && objectTypeId === undefined) {
    throw invalid(`An objectTypeId is required for ${eventType}`);
  }
  return {
    eventType,
    propertyName: isPropertyChange ? propertyName : undefined,
    objectTypeId,
    eventTypeName: text('eventTypeName'),
    active: readFlag(request, fields, 'active') ?? false,
    createdAt: now,
    updatedAt: undefined,
  };
}

export function parseSettings(
  { request, now }: Read,
  fields: Fields,
  before: WebhookSettings | undefined,
): WebhookSettings {
  const targetUrl = readText(request, fields, 'targetUrl') ?? '';
  if (!isTarget(targetUrl)) throw invalid(`targetUrl must be an https address: ${targetUrl}`);
  const throttling = fields['throttling'];
  const given = isFields(throttling) ? readText(request, throttling, 'maxConcurrentRequests') : undefined;
  const concurrencyMax = given === undefined ? CONCURRENCY_DEFAULT : Number(given);
  if (!(concurrencyMax > CONCURRENCY_ABOVE)) {
    throw invalid(`maxConcurrentRequests must be greater than ${CONCURRENCY_ABOVE}`);
  }
  return { targetUrl, concurrencyMax, createdAt: before?.createdAt ?? now, updatedAt: now };
}

export function isTarget(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.has(hostname));
}
