import { Refused } from '../core/index.ts';
import type { Reply } from '../core/index.ts';
import { badParameter } from './graph-error.ts';
import type { MetaState } from './state.ts';
import { checkUserData } from './user-data.ts';
import type { Remark } from './user-data.ts';

export interface CheckedEvent {
  readonly event_name: string;
  readonly event_id: string | null;
  readonly event: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

const ACTION_SOURCES = new Set([
  'website',
  'app',
  'email',
  'phone_call',
  'chat',
  'physical_store',
  'system_generated',
  'business_messaging',
  'other',
]);

const DAY_S = 86_400;
// https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/server-event, read 2026-11.
const AGE_S_MAX = 7 * DAY_S;
const STORE_AGE_S_MAX = 62 * DAY_S;

/**
 * One event, or the refusal that takes its whole request along. Only 2804003 and 2804009 are documented with their
 * titles; which of the other 28040xx stands for what is assumed.
 */
export function checkEvent(given: unknown, state: MetaState, remarks: Remark[]): CheckedEvent {
  if (!isFields(given))
    throw new Refused(badParameter(undefined, 'Invalid Event', 'An event must be an object.'));
  const event_id = textOf(given['event_id']);
  const event_name = textOf(given['event_name']);
  if (event_name === null) refuse(2804001, 'Missing Event Name', 'event_name is required.');
  const source = given['action_source'];
  if (typeof source !== 'string' || !ACTION_SOURCES.has(source)) {
    refuse(2804016, 'Invalid Action Source', 'action_source must be one of the documented values.');
  }
  checkTime(given['event_time'], source, state);
  const userData = given['user_data'];
  if (!isFields(userData)) refuse(2804017, 'Missing User Data', 'user_data is required.');
  if (source === 'website') checkWebsite(given, userData, event_id, state, remarks);
  if (event_name === 'Purchase') checkPurchase(given['custom_data']);
  if (event_id === null) {
    remarks.push({ event_id, field: 'event_id', problem: 'is missing: repetitions count twice' });
  }
  checkUserData(userData, event_id, remarks);
  return { event_name, event_id, event: given };
}

function checkTime(time: unknown, source: string, state: MetaState): void {
  // Whole seconds; the SDK gives a number, forms give text.
  if (typeof time !== 'number' || !Number.isInteger(time) || time <= 0) {
    refuse(2804007, 'Invalid Event Time', 'event_time must be a Unix time in whole seconds.');
  }
  const nowS = state.nowMs() / 1000;
  if (nowS - time > (source === 'physical_store' ? STORE_AGE_S_MAX : AGE_S_MAX)) {
    refuse(
      2804003,
      'Event Timestamp Too Old',
      'The timestamp for this event is too far in the past. Events must be sent within 7 days of when they happened.',
    );
  }
  // Milliseconds in place of seconds end here too.
  if (state.switches.refuseFuture && time > Math.ceil(nowS)) {
    refuse(2804007, 'Event Timestamp In The Future', 'The timestamp for this event is in the future.');
  }
}

function checkWebsite(
  event: Fields,
  userData: Fields,
  event_id: string | null,
  { switches }: MetaState,
  remarks: Remark[],
): void {
  if (textOf(event['event_source_url']) === null) {
    refuse(2804048, 'Missing Event Source URL', 'event_source_url is required for website events.');
  }
  if (textOf(userData['client_user_agent']) !== null) return;
  if (switches.requireUserAgent) {
    refuse(2804048, 'Missing Client User Agent', 'client_user_agent is required for website events.');
  }
  remarks.push({ event_id, field: 'user_data.client_user_agent', problem: 'is missing in a website event' });
}

function checkPurchase(customData: unknown): void {
  const { value, currency } = isFields(customData) ? customData : {};
  if (
    value === undefined ||
    value === null ||
    value === '' ||
    Number.isNaN(Number(value)) ||
    Number(value) < 0
  ) {
    refuse(
      2804009,
      'Missing Value for Purchase Event',
      'A Purchase needs a value that is a number of 0 or more.',
    );
  }
  if (typeof currency !== 'string' || !/^[A-Za-z]{3}$/.test(currency)) {
    refuse(2804019, 'Invalid Currency', 'A Purchase needs a currency of ISO 4217.');
  }
}

function refuse(subcode: number, title: string, message: string): never {
  const reply: Reply = badParameter(subcode, title, message);
  throw new Refused(reply);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
