import { z } from 'zod';
import { defineConnector, secret } from '../../kit/index.ts';
import { takeSnapshot } from './actions/take-snapshot.ts';
import { resolve } from './presets/resolve.ts';

/** Any subscription platform that sends the whole picture with its events; it has no API of its own here. */
export const subscribers = defineConnector({
  id: 'subscribers',
  title: 'Subscriber events',
  settings: z.object({
    /** What the senders of events present as their bearer token. */
    token: secret(),
  }),
  auth: () => ({ kind: 'none' }),
  http: {
    // Never called; RFC 2606 keeps this name from ever existing.
    baseUrl: () => 'https://subscribers.invalid',
    limits: () => [],
    failures: [],
    // Without calls this is never reached.
    timeoutMs: 1000,
    concurrent: 1,
  },
  integrationNames: [],
  checks: [],
  actions: { 'take-snapshot': takeSnapshot },
  presets: [resolve],
  source: { accepts: 'subscriber-events', resolve: 'subscribers/resolve' },
});
