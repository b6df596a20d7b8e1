import { z } from 'zod';
import { empty, Refused } from '../../core/index.ts';
import { anyone, one, page, reader } from '../caller.ts';
import type { SesamyRoute } from '../caller.ts';
import { requestCancel } from '../contract-life.ts';
import { parse, problem } from '../problem.ts';
import { openCheckout } from '../purchase.ts';
import { checkoutChangeSchema, checkoutRequestSchema, profileChangeSchema } from '../shapes.ts';
import type { Bill, Checkout, CheckoutChange, Entitlement } from '../shapes.ts';
import type { Grant, SesamyState } from '../state.ts';
import { deleteUser, updateUser } from '../users.ts';

/** The public types of rights and bills do not say whose they are. */
export function withoutOwner<Owned extends Bill | Entitlement>({
  userId: _owner,
  ...shown
}: Owned): Omit<Owned, 'userId'> {
  return shown;
}

function refuseOthers({ userId }: Grant, wanted: string): void {
  if (userId !== null && userId !== wanted) throw new Refused(problem(403, 'forbidden', 'Not your own'));
}

function ownedBy<Owned extends { readonly userId: string }>(
  userId: string,
  records: Iterable<Owned>,
): Owned[] {
  return [...records].filter((record) => record.userId === userId);
}

function mine<Owned extends { readonly userId: string }>(userId: string, record: Owned | undefined): Owned {
  if (record?.userId !== userId) throw new Refused(problem(404, 'not_found', 'Not found'));
  return record;
}

const profileRoutes: readonly SesamyRoute[] = [
  reader('GET', '/profile', (_request, state, { userId }) => one(state, state.user(userId))),
  reader('DELETE', '/profile', (_request, state, { userId }) => {
    deleteUser(state, userId);
    return empty(204);
  }),
  anyone('GET', '/profile/:id', (request, state, grant) => {
    refuseOthers(grant, request.param('id'));
    return one(state, state.user(request.param('id')));
  }),
  anyone('PATCH', '/profile/:id', (request, state, grant) => {
    refuseOthers(grant, request.param('id'));
    return one(state, updateUser(state, request.param('id'), parse(profileChangeSchema, request.json())));
  }),
  reader('GET', '/tags', (_request, state, { userId }) => one(state, state.user(userId).tags ?? [])),
  reader('POST', '/tags', (request, state, { userId }) => {
    const { tag } = parse(z.strictObject({ tag: z.string().min(1) }), request.json());
    updateUser(state, userId, { tags: [...new Set([...(state.user(userId).tags ?? []), tag])] });
    return empty(204);
  }),
  reader('DELETE', '/tags/:tag', (request, state, { userId }) => {
    const tags = (state.user(userId).tags ?? []).filter((tag) => tag !== request.param('tag'));
    updateUser(state, userId, { tags });
    return empty(204);
  }),
  reader('GET', '/user-metadata', (_request, state, { userId }) =>
    one(state, state.user(userId).user_metadata ?? {}),
  ),
];

const ENTITLEMENT_FILTERS = ['type', 'sku', 'purchase-option-id', 'wait-for-entitlement-after'];

const saleRoutes: readonly SesamyRoute[] = [
  reader('GET', '/contracts', (request, state, { userId }) =>
    page(request, state, ownedBy(userId, state.contracts.values()), []),
  ),
  reader('GET', '/contracts/:id', (request, state, { userId }) =>
    one(state, mine(userId, state.contracts.get(request.param('id')))),
  ),
  reader('POST', '/contracts/:id/cancel', (request, state, { userId }) =>
    one(state, requestCancel(state, mine(userId, state.contracts.get(request.param('id'))).id)),
  ),
  reader('GET', '/entitlements', (request, state, { userId }) => {
    const { query } = request;
    const found = ownedBy(userId, state.entitlements.values()).filter(
      ({ type, sku, purchaseOption }) =>
        (query.get('type') ?? type) === type &&
        (query.get('sku') ?? sku) === sku &&
        (query.get('purchase-option-id') ?? purchaseOption) === purchaseOption,
    );
    return page(request, state, found.map(withoutOwner), ENTITLEMENT_FILTERS);
  }),
  reader('GET', '/entitlements/:id', (request, state, { userId }) =>
    one(state, withoutOwner(mine(userId, state.entitlements.get(request.param('id'))))),
  ),
  reader('GET', '/bills', (request, state, { userId }) => {
    const newestFirst = ownedBy(userId, state.bills.values()).toReversed();
    return page(request, state, newestFirst.map(withoutOwner), []);
  }),
  reader('GET', '/bills/:id', (request, state, { userId }) =>
    one(state, withoutOwner(mine(userId, state.bills.get(request.param('id'))))),
  ),
  reader('GET', '/transactions', (request, state, { userId }) =>
    page(request, state, ownedBy(userId, state.transactions.values()), ['q']),
  ),
];

const shopRoutes: readonly SesamyRoute[] = [
  anyone('GET', '/products/:sku', (request, state) => one(state, state.product(request.param('sku')))),
  anyone('POST', '/checkouts', (request, state) =>
    one(state, openCheckout(state, parse(checkoutRequestSchema, request.json())), 201),
  ),
  anyone('GET', '/checkouts/:id', (request, state) => one(state, state.checkout(request.param('id')))),
  anyone('PATCH', '/checkouts/:id', (request, state) => {
    const {
      requestedDiscountCodes,
      payerEmail: _payer,
      ...change
    } = parse(checkoutChangeSchema, request.json());
    return one(state, changeCheckout(state, request.param('id'), change, requestedDiscountCodes));
  }),
  anyone('GET', '/vendor', (_request, state) => one(state, state.vendors.get(state.vendorId) ?? null)),
  anyone('GET', '/vendors', (request, state) => page(request, state, [...state.vendors.values()], [])),
];

function changeCheckout(
  state: SesamyState,
  id: string,
  change: CheckoutChange,
  codes: readonly string[] | undefined,
): Checkout {
  const checkout = state.checkout(id);
  if (checkout.status === 'COMPLETED')
    throw new Refused(problem(409, 'conflict', 'The checkout is completed'));
  const discounts =
    codes?.map((code) => ({ code, status: 'APPLIED' as const })) ?? checkout.appliedDiscountCodes;
  const changed = Object.assign({}, checkout, change, {
    appliedDiscountCodes: discounts,
    updatedAt: state.now(),
  });
  state.checkouts.set(id, changed);
  return changed;
}

export const ownRoutes: readonly SesamyRoute[] = [...profileRoutes, ...saleRoutes, ...shopRoutes];
