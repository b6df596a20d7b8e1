import { defineConnector, politeLimit } from '../../kit/index.ts';
import { sendConversion } from './actions/send-conversion.ts';
import { installationIsThere } from './checks.ts';
import { purchases } from './presets/purchases.ts';
import { collectorUrl, settingsSchema } from './settings.ts';

/** Kilkaya, analytics for publishers: a collector that takes hits as pixels. */
export const kilkaya = defineConnector({
  id: 'kilkaya',
  title: 'Kilkaya',
  settings: settingsSchema,
  // The installation id stands in every page of the publisher; there is no credential.
  auth: () => ({ kind: 'none' }),
  http: {
    baseUrl: collectorUrl,
    limits: ({ calls_per_second }) => [
      politeLimit(calls_per_second, 'No limit is published; the setting calls_per_second states ours.'),
    ],
    // What the collector answers is not documented; pixels are seen to be answered with 2xx whatever they hold.
    failures: [],
    // A browser waits no longer for a pixel.
    timeoutMs: 10_000,
    concurrent: 4,
  },
  integrationNames: ['Kilkaya'],
  checks: [installationIsThere],
  actions: { 'send-conversion': sendConversion },
  presets: [purchases],
});
