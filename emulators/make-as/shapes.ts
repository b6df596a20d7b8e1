import { z } from 'zod';

const text = z.string();
const required = z.string().trim().min(1);

/** Of the query of every call that puts subscribers into lists. */
export const STATUSES = ['active', 'unsubscribed', 'bounce', 'reactivate'] as const;
export type Status = (typeof STATUSES)[number];

/** How a channel of a subscriber stands; `reactivate` is an order and no state. */
export type StandingStatus = Exclude<Status, 'reactivate'>;

/** The keys that a row of a subscriber may have besides those of custom fields. */
const FIELDS = {
  email: text.trim().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'The email must be a valid email address.'),
  phone: text,
  firstname: text,
  lastname: text,
  address: text,
  zip: text,
  city: text,
  company: text,
  birthday: text,
  gender: text,
  external_id: required,
  tags: z.array(required),
} as const;

/** A row as clients send it. A key that is neither one of these nor a custom field is judged by the route. */
export const subscriberRowSchema = z.looseObject(
  z.object(FIELDS).partial().extend({
    // The vendor's own examples clear a field with null as well as with an empty text.
    email: FIELDS.email.nullish(),
    phone: FIELDS.phone.nullish(),
    external_id: FIELDS.external_id.nullish(),
  }).shape,
);
export type SubscriberRow = z.output<typeof subscriberRowSchema>;

export const SUBSCRIBER_KEYS: ReadonlySet<string> = new Set(Object.keys(FIELDS));

export interface Subscriber {
  readonly id: number;
  email: string | null;
  phone: string | null;
  external_id: string | null;
  tags: string[];
  lists: string[];
  email_status: StandingStatus;
  phone_status: StandingStatus;
  /** Names, address, company and custom fields. */
  fields: Record<string, string>;
  readonly date_created: string;
  date_updated: string;
}

export const listSchema = z.strictObject({ title: required });

export interface SubscriberList {
  readonly id: string;
  title: string;
  readonly date_created: string;
  date_updated: string;
}

/**
 * Of these two keys the first ones are documented; the rest is inferred from what a subscription has (2026-11), for
 * the vendor's description of its columns is not public.
 */
export const productSchema = z.strictObject({
  external_id: required,
  name: required,
  price: z.number().nullish(),
  currency: text.nullish(),
  description: text.nullish(),
});
export type Product = z.output<typeof productSchema>;

const day = z.iso.date('The date must be of the form YYYY-MM-DD.').nullish();

const subscriptionColumns = {
  external_id: required,
  product_external_id: required,
  status: required.nullish(),
  start_date: day,
  end_date: day,
  price: z.number().nullish(),
  cancelled_at: day,
};

export const subscriptionByEmailSchema = z.strictObject({ email: FIELDS.email, ...subscriptionColumns });

export const subscriptionByExternalIdSchema = z.strictObject({
  subscriber_external_id: required,
  ...subscriptionColumns,
});

export interface Subscription {
  readonly external_id: string;
  readonly product_external_id: string;
  readonly subscriber_id: number;
  readonly [column: string]: string | number | null;
}

export const customFieldSchema = z.strictObject({
  label: required,
  choices: z.array(required).optional(),
  datatype: z.enum(['string', 'number', 'date', 'dropdown', 'checkbox']).default('string'),
});
export type CustomField = z.output<typeof customFieldSchema> & {
  readonly id: number;
  readonly value: string;
};

export const tagSchema = z.strictObject({ title: required });
export interface Tag {
  readonly id: number;
  title: string;
}
