/** Every connector, in alphabetical order: adding one is one line, and removing one is too. */
export { googleAnalytics } from './google-analytics/index.ts';
export { hubspot } from './hubspot/index.ts';
export { kilkaya } from './kilkaya/index.ts';
export { mailchimp } from './mailchimp/index.ts';
export { mailmojo } from './mailmojo/index.ts';
export { makeAs } from './make-as/index.ts';
export { meta } from './meta/index.ts';
export { rule } from './rule/index.ts';
export { sesamy } from './sesamy/index.ts';
export { subscribers } from './subscribers/index.ts';
export { webhook } from './webhook/index.ts';
export { xAds } from './x-ads/index.ts';
