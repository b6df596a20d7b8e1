import { z } from 'zod';
import {
  list,
  optionalFlag,
  optionalId,
  optionalNumber,
  optionalText,
  optionalTime,
  requiredId,
} from './fields.ts';

/**
 * `active` runs; `closed` is a finished one-time purchase; `overdue` runs while a failed payment is tried
 * again; `canceled` and `expired` have ended. The list is open: a word that a platform adds is kept.
 */
export const CONTRACT_STATUSES = ['active', 'closed', 'overdue', 'canceled', 'expired', 'deleted'] as const;

// Sesamy's help centre: an overdue contract keeps its access, a closed one is permanent
// (support.sesamy.com article 10147280, read 2026-11).
const STATUSES_WITH_ACCESS: readonly string[] = ['active', 'overdue', 'closed'];

const contractItemSchema = z.object({
  sku: requiredId,
  title: optionalText,
  optionId: optionalId,
  optionTitle: optionalText,
});

/** What was bought: products for a time and a price. Subscriptions and one-time purchases alike. */
export const contractSchema = z
  .object({
    id: requiredId,
    name: optionalText,
    status: z.string().trim().toLowerCase().min(1),
    /** Whether it gives access now; follows from the status when the platform does not say. */
    isActive: optionalFlag,
    /** `perpetual` is bought once and for ever; the other two are subscriptions. */
    term: z.enum(['recurring', 'renewable', 'perpetual']).nullable().default(null),
    items: list(contractItemSchema),
    price: optionalNumber,
    currency: optionalText,
    nextBillAt: optionalTime,
    nextPrice: optionalNumber,
    intervalUnit: z.enum(['day', 'week', 'month', 'year']).nullable().default(null),
    intervalCount: optionalNumber,
    issuesRemaining: optionalNumber,
    /** Set while a requested cancellation waits for the end of the paid period. */
    willCancelAt: optionalTime,
    canceledAt: optionalTime,
    expiresAt: optionalTime,
    /** Who pays, where the platform says so; another person's id means a gift. */
    payerUserId: optionalId,
    createdAt: optionalTime,
    updatedAt: optionalTime,
  })
  .transform((contract) => ({
    ...contract,
    isActive: contract.isActive ?? STATUSES_WITH_ACCESS.includes(contract.status),
  }));
export type Contract = z.output<typeof contractSchema>;

/** An access right to one product, from a contract or from outside the platform. */
export const entitlementSchema = z.object({
  id: requiredId,
  sku: requiredId,
  title: optionalText,
  /** Of the product: `article`, `publication`, `podcast` … */
  type: optionalText,
  optionId: optionalId,
  hasAccess: z.boolean(),
  /** `external` was granted outside the platform: a partner, a list, a code. */
  origin: z.enum(['contract', 'external']).nullable().default(null),
  contractId: optionalId,
  createdAt: optionalTime,
  updatedAt: optionalTime,
  expiresAt: optionalTime,
});

/** Something that can be bought, with the purchase options that the subscriber's contracts speak of. */
export const productSchema = z.object({
  sku: requiredId,
  title: optionalText,
  type: optionalText,
  language: optionalText,
  options: list(z.object({ id: requiredId, title: optionalText })),
});
export type Product = z.output<typeof productSchema>;

/** A charge for a contract. */
export const billSchema = z.object({
  id: requiredId,
  contractId: optionalId,
  status: z.string().trim().toLowerCase().nullable().default(null),
  price: optionalNumber,
  currency: optionalText,
  items: list(z.object({ sku: requiredId, title: optionalText, optionId: optionalId })),
  paymentProvider: optionalText,
  paymentMethod: optionalText,
  receiptUrl: optionalText,
  createdAt: optionalTime,
  updatedAt: optionalTime,
});
