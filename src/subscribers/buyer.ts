import { choosePhone } from './phone.ts';
import type { CheckoutConfirmed } from './resolution.ts';

/** Whom advertising may have led to a purchase, as the checkout and the person tell; nothing is normalised. */
export interface Buyer {
  readonly userId: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly address: CheckoutConfirmed['addresses']['billing'];
  readonly country: string | null;
}

/**
 * The one who pays. What the buyer typed into the checkout is newer than the profile and wins, value by value. Of a
 * gift, whose names, phone and address may be the recipient's, only the payer's own id and e-mail address are taken:
 * conversions of somebody who has clicked nothing would teach the advertising wrong (inferred, confidence low, 2026-11).
 */
export function buyerOf({ checkout, person, phones, addresses }: CheckoutConfirmed): Buyer {
  const { payer } = checkout;
  if (payer !== null && isOther(payer, person)) {
    const nothing = { phone: null, firstName: null, lastName: null, address: null, country: null };
    return { ...nothing, userId: payer.id, email: payer.email };
  }
  const address = checkout.address ?? addresses.billing ?? addresses.delivery;
  return {
    userId: person.userId,
    email: checkout.email ?? person.email,
    phone: checkout.phone ?? choosePhone(phones),
    firstName: checkout.firstName ?? person.firstName,
    lastName: checkout.lastName ?? person.lastName,
    address,
    country: checkout.country ?? address?.country ?? null,
  };
}

function isOther(
  payer: NonNullable<CheckoutConfirmed['checkout']['payer']>,
  person: CheckoutConfirmed['person'],
): boolean {
  if (payer.id !== null) return payer.id !== person.userId;
  return payer.email !== null && payer.email.toLowerCase() !== person.email?.toLowerCase();
}
