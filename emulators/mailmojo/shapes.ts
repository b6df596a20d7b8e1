import { z } from 'zod';

/** The models of the vendor's SDKs for PHP and Python (github.com/eliksir/mailmojo-php-sdk, read 2026-11). */
const email = z.email();
const text = z.string();
const tag = z.string().min(1);
const custom = z.record(z.string(), z.union([text, z.number(), z.boolean(), z.null()]));

const details = {
  first_name: text.nullish(),
  last_name: text.nullish(),
  /** Wins over the two above. */
  name: text.nullish(),
  phone: text.nullish(),
  custom: custom.nullish(),
  tags: z.array(tag).optional(),
};

/** `Subscription`: what a list is told about somebody. */
export const subscriptionSchema = z.strictObject({
  email,
  ...details,
  // Without it the vendor subscribes again who has left.
  force_subscribe: z.boolean().default(true),
  subscribed: z.iso.datetime({ offset: true }).optional(),
});
export type Subscription = z.output<typeof subscriptionSchema>;

/** `BaseContact`: what changes without touching any list. */
export const contactChangeSchema = z.strictObject({ email: email.optional(), ...details });
export type ContactChange = z.output<typeof contactChangeSchema>;

/** An import knows addresses and names alone. */
export const importSchema = z.array(z.strictObject({ email: text, name: text.nullish() }));

export const listSchema = z.strictObject({
  id: z.int().positive(),
  name: text.min(1),
  from_name: text.default(''),
  from_email: text.default(''),
  description: text.default(''),
});
export type List = z.output<typeof listSchema>;

/** Active, unsubscribed, bounced, deleted. The letters stand in the SDKs, their meaning is inferred (2026-11). */
export const STATUSES = ['a', 'u', 'b', 'd'] as const;
export type Status = (typeof STATUSES)[number];

export type Custom = z.output<typeof custom>;

export interface Association {
  status: Status;
  readonly added: string;
  status_changed: string;
}

export interface Contact {
  readonly email: string;
  readonly added: string;
  first_name: string;
  last_name: string;
  phone: string;
  custom: Custom;
  tags: readonly string[];
  isDeleted: boolean;
  readonly lists: Map<number, Association>;
}
