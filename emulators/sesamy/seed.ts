import { z } from 'zod';
import {
  contractSchema,
  entitlementSchema,
  optionSchema,
  productSchema,
  profileSchema,
  vendorSchema,
} from './shapes.ts';
import type { SesamyState } from './state.ts';

const text = z.string().min(1);

/** What a seed may hold. It is put in place silently: no events, no webhooks. */
export const seedSchema = z.strictObject({
  /** The publisher whose data this is; tokens of other publishers see nothing of it. */
  vendorId: text.optional(),
  vendors: z.array(vendorSchema).optional(),
  clients: z
    .array(z.strictObject({ id: text, secret: text, vendorId: text.default('vendor_123') }))
    .optional(),
  webhooks: z
    .array(
      z.strictObject({
        url: z.url(),
        headers: z.record(text, z.string()).optional(),
        events: z.enum(['webhooks', 'all']).default('webhooks'),
      }),
    )
    .optional(),
  envelope: z.enum(['bare', 'wrapped']).optional(),
  products: z.array(productSchema.extend({ options: z.array(optionSchema).default([]) })).optional(),
  users: z.array(profileSchema.partial({ createdAt: true, updatedAt: true })).optional(),
  contracts: z.array(contractSchema).optional(),
  entitlements: z.array(entitlementSchema).optional(),
});

export function applySeed(state: SesamyState, seed: z.output<typeof seedSchema>): void {
  const stamps = { createdAt: state.now(), updatedAt: state.now() };
  state.vendorId = seed.vendorId ?? state.vendorId;
  state.envelope = seed.envelope ?? state.envelope;
  state.webhookTargets.push(...(seed.webhooks ?? []));
  for (const vendor of seed.vendors ?? []) state.vendors.set(vendor.id, vendor);
  for (const client of seed.clients ?? []) state.clients.set(client.id, client);
  for (const { options, ...product } of seed.products ?? []) {
    state.products.set(product.sku, { ...stamps, ...defined(product) });
    state.options.set(product.sku, options);
  }
  for (const user of seed.users ?? []) state.users.set(user.userId, { ...stamps, ...defined(user) });
  for (const contract of seed.contracts ?? []) state.contracts.set(contract.id, contract);
  for (const entitlement of seed.entitlements ?? []) state.entitlements.set(entitlement.id, entitlement);
}

/** Without the keys that were left out, so that they do not hide the stamps. */
function defined<Given extends { createdAt?: string | undefined; updatedAt?: string | undefined }>(
  given: Given,
) {
  const { createdAt, updatedAt, ...rest } = given;
  return {
    ...rest,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}

type Part =
  'users' | 'contracts' | 'entitlements' | 'products' | 'bills' | 'transactions' | 'checkouts' | 'events';

const PARTS: readonly Part[] = [
  'users',
  'contracts',
  'entitlements',
  'products',
  'bills',
  'transactions',
  'checkouts',
  'events',
];

/** Everything, or with `?part=contracts` one kind; `?userId=…` narrows all of it to one person. */
export function showState(state: SesamyState, query: URLSearchParams): unknown {
  const part = query.get('part');
  const userId = query.get('userId');
  const shown = PARTS.filter((name) => part === null || part === name).map((name) => {
    const records: readonly unknown[] = [...state[name].values()];
    return [name, userId === null ? records : records.filter((record) => isOf(record, userId))] as const;
  });
  return { vendorId: state.vendorId, envelope: state.envelope, ...Object.fromEntries(shown) };
}

function isOf(record: unknown, userId: string): boolean {
  return typeof record === 'object' && record !== null && 'userId' in record && record.userId === userId;
}
