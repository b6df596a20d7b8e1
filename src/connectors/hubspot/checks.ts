import type { Check } from '../../kit/index.ts';
import { account } from './checks/account.ts';
import { features } from './checks/features.ts';
import { properties, records } from './checks/records.ts';
import { scopes } from './checks/scopes.ts';
import type { Settings } from './settings.ts';

/** What `connectors test` asks, in this order. Each thing that is wrong has one line. */
export const checks: readonly Check<Settings>[] = [account, scopes, records, properties, features];
