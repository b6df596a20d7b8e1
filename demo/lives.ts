/**
 * The people of the demo: what happens to each of them during the day, and what HubSpot must say about them
 * in the end. The expectation is written down beside the life, not computed from Linchpin's own rules.
 */

/** Makes something happen on the subscription platform; returns what the platform answers. */
export type Act = (verb: string, body: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Properties that HubSpot must hold; null for one that must be empty. */
export type ExpectedProperties = Readonly<Record<string, string | null>>;

export interface Person {
  readonly userId: string;
  readonly email: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
}

interface Life {
  readonly summary: string;
  /** Played in order; between chapters the other people's lives go on. */
  readonly chapters: readonly ((person: Person, act: Act, contracts: string[]) => Promise<void>)[];
  /** Active subscriptions, ended ones, and the titles of the active products. */
  readonly end: { readonly active: number; readonly ended: number; readonly titles: readonly string[] };
}

export const DAILY = { sku: 'daily-news', option: 'monthly', title: 'Daily News - Monthly' };
export const MAGAZINE = { sku: 'premium-magazine', option: 'yearly', title: 'Premium Magazine - Yearly' };
/** Launched in the course of the day: a title that HubSpot's dropdown does not have yet. */
export const WEEKEND = { sku: 'weekend-edition', option: 'annual', title: 'Weekend Edition - Annual' };

type Product = typeof DAILY;
type Chapter = Life['chapters'][number];

const buys =
  ({ sku, option }: Product): Chapter =>
  async ({ userId }, act, contracts) => {
    contracts.push(contractOf(await act('purchase', { userId, sku, purchaseOptionId: option })));
  };

const onContract =
  (verb: string, index = 0): Chapter =>
  async (_person, act, contracts) => {
    await act(verb, { contractId: contracts[index] });
  };

const readsAnArticle: Chapter = async ({ userId }, act) => {
  await act('buy-article', { userId, sku: 'article-election-night', title: 'Election night, hour by hour' });
};

const LIVES: readonly Life[] = [
  { summary: 'registers', chapters: [], end: { active: 0, ended: 0, titles: [] } },
  { summary: 'subscribes', chapters: [buys(DAILY)], end: { active: 1, ended: 0, titles: [DAILY.title] } },
  {
    summary: 'subscribes and renews',
    chapters: [buys(MAGAZINE), onContract('renew')],
    end: { active: 1, ended: 0, titles: [MAGAZINE.title] },
  },
  {
    summary: 'has a payment fail, and keeps access meanwhile',
    chapters: [buys(DAILY), onContract('overdue')],
    end: { active: 1, ended: 0, titles: [DAILY.title] },
  },
  {
    summary: 'asks to cancel, and reads on until the period ends',
    chapters: [buys(DAILY), onContract('request-cancel')],
    end: { active: 1, ended: 0, titles: [DAILY.title] },
  },
  {
    summary: 'cancels and is gone',
    chapters: [buys(DAILY), onContract('cancel')],
    end: { active: 0, ended: 1, titles: [] },
  },
  {
    summary: 'buys the new weekend edition on top',
    chapters: [buys(DAILY), buys(WEEKEND)],
    end: { active: 2, ended: 0, titles: [DAILY.title, WEEKEND.title] },
  },
  { summary: 'buys a single article', chapters: [readsAnArticle], end: { active: 0, ended: 0, titles: [] } },
  {
    summary: 'lets one of two subscriptions expire',
    chapters: [buys(MAGAZINE), buys(DAILY), onContract('expire', 0)],
    end: { active: 1, ended: 1, titles: [DAILY.title] },
  },
  {
    summary: 'subscribes and changes the telephone number',
    chapters: [
      buys(DAILY),
      async ({ userId, phone }, act) => {
        await act('update-user', { userId, mobilePhone: phone });
      },
    ],
    end: { active: 1, ended: 0, titles: [DAILY.title] },
  },
];

const FIRST_NAMES = [
  'Ada',
  'Björn',
  'Chiara',
  'Dag',
  'Elif',
  'Freja',
  'Göran',
  'Hanna',
  'Ingrid',
  'Jonas',
  'Kaja',
];
const LAST_NAMES = [
  'Lindqvist',
  'Berg',
  'Rossi',
  'Nygård',
  'Yılmaz',
  'Holm',
  'Öberg',
  'Dahl',
  'Strand',
  'Ek',
  'Moe',
  'Lie',
  'Vik',
];

// One in twenty-five registered with a telephone number and never gave an address.
const WITHOUT_EMAIL_EVERY = 25;

/** The one whose first name a colleague has typed into HubSpot by hand, differently. */
export const KNOWN_BEFORE = { index: 1, firstname: 'Björn (call before noon!)' };

export function personAt(index: number): Person {
  const number = String(index).padStart(3, '0');
  return {
    userId: `email|reader${number}`,
    email: hasEmail(index) ? `reader${number}@example.com` : null,
    firstName: FIRST_NAMES[index % FIRST_NAMES.length] ?? 'Ada',
    lastName: LAST_NAMES[index % LAST_NAMES.length] ?? 'Berg',
    phone: `+4670${String(1_000_000 + index)}`,
  };
}

function hasEmail(index: number): boolean {
  return index % WITHOUT_EMAIL_EVERY !== WITHOUT_EMAIL_EVERY - 1;
}

function lifeAt(index: number): Life {
  // The remainder is within the list.
  return LIVES[index % LIVES.length] as Life;
}

export function lifeSummary(index: number): string {
  return lifeAt(index).summary;
}

/** How many chapters the longest life has. */
export const CHAPTERS_MAX = Math.max(...LIVES.map(({ chapters }) => chapters.length));

/** Plays one chapter of a person's life; nothing when the life has none left. */
export async function playChapter(
  index: number,
  chapter: number,
  act: Act,
  contracts: string[],
): Promise<void> {
  await lifeAt(index).chapters[chapter]?.(personAt(index), act, contracts);
}

/** What HubSpot must say of the person in the evening; `undefined` for those without an address. */
export function expectedContact(index: number): ExpectedProperties | undefined {
  const person = personAt(index);
  const { end } = lifeAt(index);
  if (person.email === null) return undefined;
  return {
    email: person.email,
    sesamy_user_id: person.userId,
    has_active_subscription: end.active > 0 ? 'true' : 'false',
    active_subscription_count: String(end.active),
    canceled_subscriptions_count: String(end.ended),
    subscription_type: end.titles.length === 0 ? null : end.titles.join(';'),
    firstname: index === KNOWN_BEFORE.index ? KNOWN_BEFORE.firstname : person.firstName,
    lastname: person.lastName,
    phone: person.phone,
  };
}

function contractOf(answer: unknown): string {
  return (answer as { readonly contract: { readonly id: string } }).contract.id;
}
