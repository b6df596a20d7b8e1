/**
 * What a vendor holds of one reader, read from its emulator: fields and tags where people are kept, purchases where these
 * are counted, messages where they are taken. One form for all ten, so that they can be shown and compared.
 */

export interface Picture {
  /** Fields of the reader's record; none when there is no record. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  /** Purchases that count, as the vendor keeps them. */
  readonly purchases: readonly Readonly<Record<string, unknown>>[];
  /** What was told, oldest first. */
  readonly messages: readonly Message[];
}

export interface Message {
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const NOTHING: Picture = { fields: {}, tags: [], purchases: [], messages: [] };

type State = Readonly<Record<string, unknown>>;
type Rows = readonly Readonly<Record<string, unknown>>[];

/** The vendors that keep readers find one by address; the others know only what was bought, or told. */
const PICTURES: Readonly<Record<string, (state: State, email: string) => Partial<Picture>>> = {
  'google-analytics': (state) => ({
    purchases: rows(state['purchases']).map(({ params, ...purchase }) => ({
      ...purchase,
      ...object(params),
    })),
  }),
  hubspot: (state, email) => ({ fields: ofContact(state, email) }),
  kilkaya: (state) => ({ purchases: rows(state['hits']).filter((hit) => hit['isConversion'] === true) }),
  mailchimp: (state) => {
    const [list] = rows(state['lists']);
    const [member] = rows(list?.['members']);
    if (member === undefined) return {};
    const { email_address, status, email_type, language, vip } = member;
    return {
      fields: { email_address, status, email_type, language, vip, ...object(member['merge_fields']) },
      tags: texts(member['tags']),
      messages: rows(member['events']).map(({ name, ...content }) => ({ name: String(name), content })),
    };
  },
  mailmojo: (state) => {
    const { tags, custom, ...contact } = rows(state['contacts'])[0] ?? {};
    return { fields: { ...contact, ...object(custom) }, tags: texts(tags) };
  },
  'make-as': (state) => {
    const [found] = rows(state['subscribers']);
    if (found === undefined) return {};
    const { tags, ...subscriber } = found;
    const names = new Map(rows(state['products']).map(({ external_id, name }) => [external_id, name]));
    const subscriptions = rows(state['subscriptions']).map((subscription) => ({
      ...subscription,
      product_name: names.get(subscription['product_external_id']),
    }));
    return { fields: { ...subscriber, subscriptions }, tags: texts(tags) };
  },
  meta: (state) => ({ purchases: rows(state['events']).map(({ event }) => object(event)) }),
  rule: (state) => {
    const { tags, fields, ...subscriber } = rows(state['subscribers'])[0] ?? {};
    return { fields: { ...subscriber, ...object(fields) }, tags: texts(tags) };
  },
  webhook: (state) => ({
    messages: rows(state['received']).map(({ body }) => ({
      name: String(object(body)['eventType']),
      content: object(body),
    })),
  }),
  'x-ads': (state) => ({ purchases: rows(state['conversions']) }),
};

/** `vendor` is the emulator's id, `url` where it listens. */
export async function pictureOf(vendor: string, url: string, email: string): Promise<Picture> {
  const read = PICTURES[vendor];
  if (read === undefined) throw new Error(`There is no picture of ${vendor}.`);
  const response = await fetch(`${url}/_emulator/state?${new URLSearchParams({ email }).toString()}`);
  return { ...NOTHING, ...read((await response.json()) as State, email) };
}

function ofContact(state: State, email: string): Picture['fields'] {
  const [portal] = rows(state['portals']);
  const found = rows(portal?.['contacts']).find(({ properties }) => object(properties)['email'] === email);
  return object(found?.['properties']);
}

function rows(value: unknown): Rows {
  return Array.isArray(value) ? (value as Rows) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {};
}
