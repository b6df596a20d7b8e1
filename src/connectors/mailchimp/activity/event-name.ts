// "Must be 2-30 characters": mailchimp.com/developer/marketing/api/list-member-events/add-event, read 2026-11.
const LENGTH_MAX = 30;

/**
 * A name for Mailchimp: `contract#cancelRequest` is `contract_cancel_request`, `userVendor.1#new` is `user_vendor_new`.
 * The number of the version is dropped. How the platform's own integration names its events is not documented
 * (confidence low, 2026-11).
 */
export function activityName(eventType: string): string {
  const name = eventType
    .replace(/\.\d+(?=#|$)/g, '')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  // One character is too short for Mailchimp, and none is what is left of a name in another script.
  return (name.length < 2 ? `event_${name}` : name).slice(0, LENGTH_MAX).replace(/_$/, '');
}
