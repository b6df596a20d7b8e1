/**
 * Three readers and what happens to them at the platform: Åsa signs up, buys, stays, falls behind, leaves; Gro gives Ole a
 * subscription and buys one article. Tables of what a vendor then holds have a row per field and a column per moment.
 */
import type { Bought } from '../../emulators/sesamy/purchase.ts';
import type { Contract, Profile } from '../../emulators/sesamy/shapes.ts';
import type { Acme } from '../support/acme.ts';

/** When all vendors are looked at, and at whom. */
export const MOMENTS = [
  { moment: 'signed up', reader: 'asa' },
  { moment: 'bought', reader: 'asa' },
  { moment: 'renewed', reader: 'asa' },
  { moment: 'not paid', reader: 'asa' },
  { moment: 'asked to cancel', reader: 'asa' },
  { moment: 'left', reader: 'asa' },
  { moment: 'been given a subscription', reader: 'ole' },
  { moment: 'bought one article', reader: 'gro' },
] as const;

export type Moment = (typeof MOMENTS)[number]['moment'];

type Reader = (typeof MOMENTS)[number]['reader'];

export function emailOf(reader: Reader): string {
  return `${reader}@publisher.no`;
}

export function userIdOf(reader: Reader): string {
  return `email|${reader}`;
}

/** One value for each moment. */
export type Row<Value = unknown> = readonly [Value, Value, Value, Value, Value, Value, Value, Value];

export type Table<Value = unknown> = Readonly<Record<string, Row<Value>>>;

/** The vendor has no such field of the reader. */
export const none = undefined;

export function always<Value>(value: Value): Row<Value> {
  return [value, value, value, value, value, value, value, value];
}

/** What depends on who it is and not on the moment. */
export function by<Value>(asa: Value, ole: Value, gro: Value): Row<Value> {
  return [asa, asa, asa, asa, asa, asa, ole, gro];
}

/** While a subscription runs: also while it is not paid, and after the reader has asked to cancel. */
export function whileActive<Value>(value: Value): Row<Value | undefined> {
  return [none, value, value, value, value, none, value, none];
}

/** The same, and of one that has ended. */
export function sinceBought<Value>(value: Value): Row<Value | undefined> {
  return [none, value, value, value, value, value, value, none];
}

/** What every row of the table has at the moment. */
export function columnOf<Value>(table: Table<Value>, moment: Moment): Readonly<Record<string, Value>> {
  const index = indexOf(moment);
  return Object.fromEntries(
    Object.entries(table).map(([field, row]) => [field, row[index] as Value] as const),
  );
}

export function indexOf(moment: Moment): number {
  return MOMENTS.findIndex((known) => known.moment === moment);
}

/** What the platform itself says of the readers and their contracts: its ids and times are those that vendors must hold. */
export interface Life {
  readonly asa: Profile;
  readonly ole: Profile;
  readonly gro: Profile;
  readonly purchase: Bought;
  readonly renewed: Contract;
  readonly leaving: Contract;
  readonly gift: Bought;
  readonly article: Bought;
  /** The day in UTC on which the platform last told something, which is of the reader, at each moment. */
  readonly lastSeen: Row<string>;
}

const MAGAZINE = { sku: 'MAG', purchaseOptionId: 'monthly' };

/** Plays it; `look` is called at each moment. */
export async function liveThrough(acme: Acme, look: (moment: Moment) => Promise<void>): Promise<Life> {
  const lastSeen: string[] = [];
  const lookWhen = async (moment: Moment): Promise<void> => {
    lastSeen.push(dayOf(acme.sesamy.state.events.at(-1)?.occured_at ?? ''));
    await look(moment);
  };
  const asa = (await acme.happens('create-user', {
    ...person('asa', 'Åsa'),
    lastName: 'Berg',
    mobilePhone: '+46701234567',
    company: 'Berg & Co',
    locale: 'sv-SE',
    billingAddress: {
      firstName: 'Eva',
      lastName: 'Ek',
      street: 'Storgatan 1',
      zip: '222 22',
      city: 'Lund',
      country: 'SE',
    },
  })) as Profile;
  await lookWhen('signed up');

  const purchase = (await acme.happens('purchase', {
    userId: asa.userId,
    ...MAGAZINE,
    attribution: { _ga: 'GA1.1.1234567890.1700000000', utmCampaign: 'autumn', utmSource: 'newsletter' },
  })) as Bought;
  await lookWhen('bought');

  const contractId = purchase.contract.id;
  const renewed = (await acme.happens('renew', { contractId })) as Contract;
  await lookWhen('renewed');

  await acme.happens('overdue', { contractId });
  await lookWhen('not paid');

  await acme.happens('renew', { contractId });
  const leaving = (await acme.happens('request-cancel', { contractId })) as Contract;
  await lookWhen('asked to cancel');

  await acme.happens('cancel', { contractId });
  await lookWhen('left');

  const gro = (await acme.happens('create-user', person('gro', 'Gro'))) as Profile;
  const ole = (await acme.happens('create-user', person('ole', 'Ole'))) as Profile;
  const gift = (await acme.happens('gift', {
    userId: ole.userId,
    payerId: gro.userId,
    ...MAGAZINE,
  })) as Bought;
  await lookWhen('been given a subscription');

  const article = (await acme.happens('buy-article', {
    userId: gro.userId,
    sku: 'ART-1',
    title: 'The long read',
    price: 19,
  })) as Bought;
  await lookWhen('bought one article');

  // One for each moment.
  const seen = lastSeen as unknown as Row<string>;
  return { asa, ole, gro, purchase, renewed, leaving, gift, article, lastSeen: seen };
}

function person(reader: Reader, firstName: string): object {
  return { userId: userIdOf(reader), email: emailOf(reader), firstName };
}

/** The day in UTC. */
export function dayOf(at: string): string {
  return new Date(at).toISOString().slice(0, 10);
}
