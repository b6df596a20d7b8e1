import { Refused } from '../core/index.ts';
import { periodAfter } from './period.ts';
import { problem } from './problem.ts';
import { charge } from './purchase.ts';
import type { Contract, Entitlement } from './shapes.ts';
import type { SesamyState } from './state.ts';

/** What becomes of contracts and rights after the purchase, each with the events that the platform raises. */

/** The next period is paid. */
export function renew(state: SesamyState, contractId: string): Contract {
  const contract = subscription(state, contractId);
  const nextBillAt = periodAfter(contract.nextBillAt ?? state.now(), contract.recurringInterval ?? 'MONTH');
  const renewed = changeContract(state, contract, { status: 'ACTIVE', isActive: true, nextBillAt });
  charge(state, renewed, 'PAID');
  state.raise({ eventType: 'contract.1#update', userId: contract.userId, contractId });
  changeAccess(state, contractId, { hasAccess: true, expiresAt: nextBillAt });
  return renewed;
}

/** A payment failed and is tried again; access remains meanwhile. */
export function fallOverdue(state: SesamyState, contractId: string): Contract {
  const contract = subscription(state, contractId);
  const overdue = changeContract(state, contract, { status: 'OVERDUE' });
  charge(state, overdue, 'RETRYING');
  state.raise({ eventType: 'contract.1#update', userId: contract.userId, contractId });
  return overdue;
}

/** The user asks to cancel; the contract runs on to the end of the paid period. */
export function requestCancel(state: SesamyState, contractId: string): Contract {
  const contract = subscription(state, contractId);
  const asked = changeContract(state, contract, {
    willCancelAt: contract.nextBillAt,
    nextBillAt: null,
    nextPrice: null,
  });
  state.raise({ eventType: 'contract#cancelRequest', userId: contract.userId, contractId });
  return asked;
}

/** The end: on request (`CANCELED`), or because the term was over or nobody paid (`EXPIRED`). */
export function end(state: SesamyState, contractId: string, status: 'CANCELED' | 'EXPIRED'): Contract {
  const contract = state.contract(contractId);
  const ended = changeContract(state, contract, {
    status,
    isActive: false,
    nextBillAt: null,
    nextPrice: null,
  });
  state.raise({ eventType: 'contract.1#update', userId: contract.userId, contractId });
  changeAccess(state, contractId, { hasAccess: false, expiresAt: state.now() });
  return ended;
}

/** Access from outside: a partner deal, a redemption code. */
export function grantAccess(state: SesamyState, userId: string, sku: string): Entitlement {
  const product = state.product(sku);
  const entitlement: Entitlement = {
    id: state.makeId('entitlement'),
    userId: state.user(userId).userId,
    sku,
    title: product.title,
    type: product.productType,
    origin: { type: 'EXTERNAL', id: state.makeId('grant'), listId: 'list_1', name: 'Partners' },
    hasAccess: true,
    createdAt: state.now(),
    updatedAt: state.now(),
  };
  state.entitlements.set(entitlement.id, entitlement);
  state.raise({ eventType: 'entitlement.1#new', userId, entitlementId: entitlement.id });
  return entitlement;
}

export function revokeAccess(state: SesamyState, entitlementId: string): Entitlement {
  return changeEntitlement(state, state.entitlement(entitlementId), { hasAccess: false });
}

function subscription(state: SesamyState, contractId: string): Contract {
  const contract = state.contract(contractId);
  if (!contract.isActive || contract.contractDuration === 'PERPETUAL') {
    throw new Refused(problem(409, 'conflict', 'The contract is no running subscription'));
  }
  return contract;
}

function changeContract(state: SesamyState, contract: Contract, change: Partial<Contract>): Contract {
  const changed: Contract = { ...contract, ...change, updatedAt: state.now() };
  state.contracts.set(contract.id, changed);
  return changed;
}

function changeAccess(state: SesamyState, contractId: string, change: Partial<Entitlement>): void {
  for (const entitlement of state.entitlements.values()) {
    const { origin } = entitlement;
    if (origin?.type === 'PAYMENTS' && origin.contractId === contractId)
      changeEntitlement(state, entitlement, change);
  }
}

function changeEntitlement(
  state: SesamyState,
  entitlement: Entitlement,
  change: Partial<Entitlement>,
): Entitlement {
  const changed: Entitlement = { ...entitlement, ...change, updatedAt: state.now() };
  state.entitlements.set(entitlement.id, changed);
  const { id: entitlementId, userId, origin } = changed;
  const contractId = origin?.type === 'PAYMENTS' ? origin.contractId : undefined;
  state.raise({ eventType: 'entitlement.1#update', userId, entitlementId, contractId });
  return changed;
}
