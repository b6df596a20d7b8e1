import type { Phones } from './person.ts';

// https://developers.sesamy.com/integrations/built-in/rule.html and mailmojo.html name this order (read
// 2026-11). That HubSpot's phone follows it too is inferred (confidence medium).
const PHONE_ORDER = ['mobile', 'default', 'work', 'home'] as const satisfies readonly (keyof Phones)[];

/** The number to give a destination that takes one, as the person typed it; `null` when there is none. */
export function choosePhone(phones: Phones): string | null {
  for (const kind of PHONE_ORDER) {
    const phone = phones[kind]?.trim() ?? '';
    if (phone !== '') return phone;
  }
  return null;
}
