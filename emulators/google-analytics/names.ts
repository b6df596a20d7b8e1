/**
 * Names that the Measurement Protocol takes and those it keeps for itself:
 * https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference (read 2026-11).
 */
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const PREFIXES = ['_', 'google_', 'ga_', 'firebase_', 'gtag.'];

const EVENT_NAMES = new Set([
  'ad_activeview',
  'ad_click',
  'ad_exposure',
  'ad_impression',
  'ad_query',
  'ad_reward',
  'adunit_exposure',
  'app_background',
  'app_clear_data',
  'app_exception',
  'app_install',
  'app_remove',
  'app_store_refund',
  'app_store_subscription_cancel',
  'app_store_subscription_convert',
  'app_store_subscription_renew',
  'app_update',
  'app_upgrade',
  'dynamic_link_app_open',
  'dynamic_link_app_update',
  'dynamic_link_first_open',
  'error',
  'firebase_campaign',
  'first_open',
  'first_visit',
  'in_app_purchase',
  'notification_dismiss',
  'notification_foreground',
  'notification_open',
  'notification_receive',
  'os_update',
  'screen_view',
  'session_start',
  'session_start_with_rollout',
  'user_engagement',
]);

const USER_PROPERTIES = new Set([
  'first_open_time',
  'first_visit_time',
  'first_open_after_install',
  'last_deep_link_referrer',
  'user_id',
]);

// Of events and parameters; user properties are shorter. Same reference, "Limitations".
const NAME_LENGTH_MAX = 40;
const USER_PROPERTY_LENGTH_MAX = 24;

export type NameKind = 'event' | 'parameter' | 'user property';
export type NameFault = 'NAME_INVALID' | 'NAME_RESERVED' | 'VALUE_OUT_OF_BOUNDS';

/** What is wrong with a name, if anything. */
export function nameFault(kind: NameKind, name: string): NameFault | undefined {
  if (isReserved(kind, name)) return 'NAME_RESERVED';
  if (!NAME.test(name)) return 'NAME_INVALID';
  const max = kind === 'user property' ? USER_PROPERTY_LENGTH_MAX : NAME_LENGTH_MAX;
  return name.length > max ? 'VALUE_OUT_OF_BOUNDS' : undefined;
}

function isReserved(kind: NameKind, name: string): boolean {
  if (kind === 'event') return EVENT_NAMES.has(name);
  const isOwn = kind === 'parameter' ? name === 'firebase_conversion' : USER_PROPERTIES.has(name);
  return isOwn || PREFIXES.some((prefix) => name.startsWith(prefix));
}
