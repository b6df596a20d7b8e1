import { normaliseEmail } from '../kit/index.ts';
import { choosePhone } from './phone.ts';
import type { Subscriber } from './subscriber.ts';

export interface MailRecipient {
  /** Trimmed and in lower case. */
  readonly email: string;
  readonly userId: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** As the person typed it. */
  readonly phone: string | null;
}

export interface RecipientRule {
  /**
   * What becomes of guests: the temporary accounts that a purchase makes before anyone confirms them. Rule's article
   * says that they are not synced and only confirmed accounts are (help.rule.io, article 685380, read 2026-11). That the
   * other mail tools do likewise is inferred (confidence low), so a connector may let its operator keep them.
   */
  readonly guests?: 'skip' | 'keep';
}

/**
 * Whom a mail tool may get, the same for all of them, or the reason why not this one.
 * - Without an address: nobody to write to. Documented for HubSpot; for the others confidence high.
 * - With an address that is none: a vendor would refuse it for good (confidence high).
 * - A guest, as far as can be seen: the platform says outright that the address is not confirmed (`emailVerified` is
 *   false). Whether that is how it tells guests is inferred (confidence low); an account of which it says nothing is none.
 */
export function mailRecipient(
  { person, phones }: Subscriber,
  { guests = 'skip' }: RecipientRule = {},
): MailRecipient | { readonly skip: string } {
  if (person.email === null) return { skip: 'The subscriber has no e-mail address.' };
  const email = normaliseEmail(person.email);
  if (email === undefined) return { skip: 'The e-mail address of the subscriber is not valid.' };
  if (guests === 'skip' && person.emailVerified === false) {
    return { skip: 'The subscriber is a guest: the account is not confirmed.' };
  }
  const { userId, firstName, lastName } = person;
  return { email, userId, firstName, lastName, phone: choosePhone(phones) };
}
