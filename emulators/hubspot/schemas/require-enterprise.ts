import { Refused } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { missingScopes } from '../errors.ts';
import { planLacks } from '../plan-refusal.ts';

/** Custom objects belong to the Enterprise plan. What tells a lesser account so is a switch. */
export function requireEnterprise({ portal, switches }: Call): void {
  if (portal.plan === 'enterprise') return;
  if (switches.customObjectsBelowEnterprise === 'missing_scopes') {
    throw new Refused(missingScopes(['crm.schemas.custom.write']));
  }
  throw planLacks(portal, 'custom objects');
}
