import { Refused } from '../core/index.ts';
import { errorReply } from './errors.ts';
import type { Portal } from './portal.ts';

/** What an account's plan does not have. That it is refused is documented; status and words are assumed. */
export function planLacks(portal: Portal, what: string): Refused {
  return new Refused(
    errorReply(403, {
      message: `Account ${portal.id} does not have access to ${what} with its plan ${portal.plan}`,
      category: 'FORBIDDEN',
    }),
  );
}
