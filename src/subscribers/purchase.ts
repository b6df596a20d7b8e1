/** What a checkout says of the money and the goods, for destinations that count purchases. Pure. */
import type { Checkout } from './checkout.ts';
import type { CheckoutConfirmed } from './resolution.ts';

export interface Amount {
  readonly value: number;
  /** ISO 4217, capital letters. */
  readonly currency: string;
}

/**
 * What the order came to. A price of the whole order wins over those of its items, which are summed without it: the
 * platform's type calls it an override (npm @sesamy/sdk 1.22.0, read 2026-11). `undefined` when a price, or the one
 * currency of all, is not known: a wrong amount is worse than none.
 */
export function checkoutAmount(checkout: Checkout): Amount | undefined {
  const currencies = new Set(checkout.items.map((item) => currencyOf(item, checkout)));
  const currency = capital(checkout.currency) ?? onlyOne(currencies);
  if (currency === null) return undefined;
  if (checkout.price !== null) return { value: rounded(checkout.price, currency), currency };
  const prices = checkout.items.map(({ price }) => price).filter((price) => price !== null);
  const isKnown = prices.length > 0 && prices.length === checkout.items.length;
  // Prices in several currencies have no sum, whatever the order calls its own.
  if (!isKnown || onlyOne(currencies) !== currency) return undefined;
  return {
    value: rounded(
      prices.reduce((sum, price) => sum + price, 0),
      currency,
    ),
    currency,
  };
}

/** One thing that was bought; what neither the checkout nor the catalogue tells is `null`. */
export interface CheckoutItem {
  readonly sku: string | null;
  readonly title: string | null;
  readonly optionId: string | null;
  readonly optionTitle: string | null;
  /** Of the product: `article`, `publication`, `podcast` … */
  readonly type: string | null;
  /**
   * The item's own; an order-level price is not spread over items. `null` for one in another currency than the amount of
   * the order, and where that amount is not known: vendors read every price of a purchase in its one currency.
   */
  readonly price: number | null;
}

/** The items of a purchase with what the catalogue says of their products, in the order of the checkout. */
export function checkoutItems({
  checkout,
  products,
}: Pick<CheckoutConfirmed, 'checkout' | 'products'>): readonly CheckoutItem[] {
  const currency = checkoutAmount(checkout)?.currency;
  return checkout.items.map((item) => {
    const product = products.find(({ sku }) => sku === item.sku);
    const option = product?.options.find(({ id }) => id === item.optionId);
    return {
      sku: item.sku,
      title: product?.title ?? null,
      optionId: item.optionId,
      optionTitle: option?.title ?? null,
      type: product?.type ?? null,
      price: currencyOf(item, checkout) === currency ? item.price : null,
    };
  });
}

function currencyOf(item: Checkout['items'][number], checkout: Checkout): string | null {
  return capital(item.currency) ?? capital(checkout.currency);
}

function capital(currency: string | null): string | null {
  return currency?.toUpperCase() ?? null;
}

function onlyOne(currencies: ReadonlySet<string | null>): string | null {
  const [first = null] = currencies;
  return currencies.size === 1 ? first : null;
}

// Sums of fractions have tails (49.9 + 9.95 is 59.849999999999994): cut to the minor unit of the currency, as ISO 4217
// has it (two decimals for SEK, none for JPY).
function rounded(value: number, currency: string): number {
  return Number(value.toFixed(minorDigits(currency)));
}

function minorDigits(currency: string): number {
  // Anything but three letters is no currency that Intl knows, and most have two decimals.
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
