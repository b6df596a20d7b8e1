/**
 * The object types that HubSpot ships with, by every name it takes for them: plural, singular, and type id
 * (developers.hubspot.com, "Understanding the CRM", object type ids, read 2026-11). One spelling for all is what
 * keeps a cache and a claim of one type from being two.
 */
const STANDARD: readonly (readonly [plural: string, singular: string, id: string])[] = [
  ['contacts', 'contact', '0-1'],
  ['companies', 'company', '0-2'],
  ['deals', 'deal', '0-3'],
  ['tickets', 'ticket', '0-5'],
  ['products', 'product', '0-7'],
  ['line_items', 'line_item', '0-8'],
  ['quotes', 'quote', '0-14'],
  ['communications', 'communication', '0-18'],
  ['feedback_submissions', 'feedback_submission', '0-19'],
  ['tasks', 'task', '0-27'],
  ['notes', 'note', '0-46'],
  ['meetings', 'meeting', '0-47'],
  ['calls', 'call', '0-48'],
  ['emails', 'email', '0-49'],
  ['invoices', 'invoice', '0-53'],
  ['subscriptions', 'subscription', '0-69'],
  ['users', 'user', '0-115'],
  ['postal_mail', 'postal_mail', '0-116'],
  ['orders', 'order', '0-123'],
  ['leads', 'lead', '0-136'],
  ['carts', 'cart', '0-142'],
  ['services', 'service', '0-162'],
  ['courses', 'course', '0-410'],
  ['listings', 'listing', '0-420'],
  ['appointments', 'appointment', '0-421'],
];

const NAMES: ReadonlyMap<string, string> = new Map(
  STANDARD.flatMap(([plural, singular, id]) => [
    [plural, plural],
    [singular, plural],
    [id, plural],
  ]),
);

/** The plural name of a standard object; any other (`2-123`, `p123_pets`) stays what it is. */
export function objectType(text: string): string {
  const name = text.trim().toLowerCase();
  return NAMES.get(name.replaceAll(' ', '_')) ?? name;
}

/** Whether HubSpot ships with a type, given by its plural name. */
export function isStandard(type: string): boolean {
  return STANDARD.some(([plural]) => plural === type);
}

/** The singular of a standard object, as HubSpot's own texts use it. */
export function singularOf(type: string): string {
  return STANDARD.find(([plural]) => plural === type)?.[1] ?? 'record';
}

/** The type id of a standard object, for the calls that take nothing else; any other stays what it is. */
export function typeIdOf(type: string): string {
  return STANDARD.find(([plural]) => plural === type)?.[2] ?? type;
}
