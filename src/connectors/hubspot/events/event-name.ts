/** Why a name cannot be used. */
export interface Unusable {
  readonly unusable: string;
}

// developers.hubspot.com, custom events, limits (read 2026-11): names begin with a letter and hold lower-case letters,
// digits and underscores.
const NAME_CHARACTERS_MAX = 50;

const FULL_NAME = /^pe\d+_[a-z][a-z0-9_]*$/;

/**
 * The name that HubSpot knows an event by: lower case, every run of other characters than letters and digits one `_`.
 * `Order Completed` is `order_completed`. HubSpot's own full names stay as they are.
 */
export function eventName(text: string): string | Unusable {
  const name = text.trim();
  return FULL_NAME.test(name) ? name : usable(normalise(name));
}

/** The same rule for the name of a property of an event. */
export function propertyName(text: string): string | Unusable {
  return usable(normalise(text));
}

export function isFullName(name: string): boolean {
  return FULL_NAME.test(name);
}

export function isUnusable(name: string | Unusable): name is Unusable {
  return typeof name === 'object';
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function usable(name: string): string | Unusable {
  if (!/^[a-z]/.test(name)) return { unusable: 'no letter from a to z at the start of the name' };
  if (name.length > NAME_CHARACTERS_MAX) return { unusable: 'name longer than 50 characters' };
  return name;
}
