import { defineConnector } from '../../kit/index.ts';
import { upsertSubscriber } from './actions/upsert-subscriber.ts';
import { describeFailure } from './api.ts';
import { assume } from './assume.ts';
import { account } from './checks.ts';
import { FAILURES } from './failures.ts';
import { limitsOf } from './limits.ts';
import { subscribers } from './presets/subscribers.ts';
import { ruleSettings } from './settings.ts';

/** Rule (rule.io, rule.se), the Nordic tool for marketing by mail and text message. */
export const rule = defineConnector({
  id: 'rule',
  title: 'Rule',
  settings: ruleSettings,
  auth: ({ api_key }) => ({ kind: 'bearer', token: api_key }),
  http: {
    baseUrl: ({ base_url }) => base_url,
    limits: limitsOf,
    failures: FAILURES,
    describeFailure,
    // Nothing is documented; half a minute tells slow from dead.
    timeoutMs: 30_000,
    // As many as Rule's own SDK has in flight (github.com/rulecom/rule-io-sdk, 2026-06).
    concurrent: 4,
  },
  integrationNames: ['Rule'],
  checks: [account],
  assume,
  actions: { 'upsert-subscriber': upsertSubscriber },
  presets: [subscribers],
});
