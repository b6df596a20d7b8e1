/** Every emulator, in alphabetical order: adding one is one line, and removing one is too. */
export { googleAnalyticsEmulator } from './google-analytics/index.ts';
export { hubspotEmulator } from './hubspot/index.ts';
export { kilkayaEmulator } from './kilkaya/index.ts';
export { mailchimpEmulator } from './mailchimp/index.ts';
export { mailmojoEmulator } from './mailmojo/index.ts';
export { makeAsEmulator } from './make-as/index.ts';
export { metaEmulator } from './meta/index.ts';
export { ruleEmulator } from './rule/index.ts';
export { sesamyEmulator } from './sesamy/index.ts';
export { webhookEmulator } from './webhook/index.ts';
export { xAdsEmulator } from './x-ads/index.ts';
