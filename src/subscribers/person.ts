import { z } from 'zod';
import { optionalFlag, optionalText, optionalTime, requiredId } from './fields.ts';

/** Who the subscriber is. */
export const personSchema = z.object({
  userId: requiredId,
  email: optionalText,
  emailVerified: optionalFlag,
  firstName: optionalText,
  lastName: optionalText,
  /** The whole name, for platforms that do not keep its parts. */
  name: optionalText,
  locale: optionalText,
  company: optionalText,
  createdAt: optionalTime,
  updatedAt: optionalTime,
  lastActiveAt: optionalTime,
  /** The platform's free fields about the person. */
  metadata: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .nullish()
    .transform((metadata) => metadata ?? {}),
});

export const addressSchema = z.object({
  firstName: optionalText,
  lastName: optionalText,
  co: optionalText,
  department: optionalText,
  street: optionalText,
  zip: optionalText,
  city: optionalText,
  state: optionalText,
  country: optionalText,
});

export const optionalAddress = addressSchema.nullable().default(null);

export const phonesSchema = z.object({
  mobile: optionalText,
  default: optionalText,
  work: optionalText,
  home: optionalText,
});
export type Phones = z.output<typeof phonesSchema>;
