import { Refused } from '../../core/index.ts';
import { errorReply, missingScopes } from '../errors.ts';
import type { Call } from '../guard.ts';

/** Custom objects belong to the Enterprise plan. What tells a lesser account so is a switch. */
export function requireEnterprise({ portal, switches }: Call): void {
  if (portal.plan === 'enterprise') return;
  if (switches.customObjectsBelowEnterprise === 'missing_scopes') {
    throw new Refused(missingScopes(['crm.schemas.custom.write']));
  }
  throw new Refused(
    errorReply(403, {
      message: `Account ${portal.id} does not have access to custom objects with its plan ${portal.plan}`,
      category: 'FORBIDDEN',
    }),
  );
}
