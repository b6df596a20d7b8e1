/** Every connector, in alphabetical order: adding one is one import and one line. */
import type { AnyConnector } from '../kit/index.ts';
import { googleAnalytics } from './google-analytics/index.ts';
import { hubspot } from './hubspot/index.ts';
import { kilkaya } from './kilkaya/index.ts';
import { makeAs } from './make-as/index.ts';
import { sesamy } from './sesamy/index.ts';
import { subscribers } from './subscribers/index.ts';
import { webhook } from './webhook/index.ts';

export const connectors: readonly AnyConnector[] = [
  googleAnalytics,
  hubspot,
  kilkaya,
  makeAs,
  sesamy,
  subscribers,
  webhook,
];
