import { z } from 'zod';
import type { HubspotState } from '../state.ts';
import { EVENT_TYPES } from './event-types.ts';
import { isTarget } from './subscription-rules.ts';
import { CONCURRENCY_DEFAULT } from './webhook-state.ts';

/** An app's webhooks as a seed gives them: the only way for a private app, which has none by the API. */
export const webhookSeedSchema = z.strictObject({
  targetUrl: z.string().refine(isTarget, 'an https address, or http on this machine'),
  maxConcurrentRequests: z.int().min(6).default(CONCURRENCY_DEFAULT),
  subscriptions: z
    .array(
      z.strictObject({
        eventType: z.enum(EVENT_TYPES as [string, ...string[]]),
        propertyName: z.string().optional(),
        objectTypeId: z.string().optional(),
        eventTypeName: z.string().optional(),
        active: z.boolean().default(true),
      }),
    )
    .default([]),
});

export function seedWebhooks(
  state: HubspotState,
  appId: number,
  seed: z.output<typeof webhookSeedSchema>,
): void {
  const now = state.clock.now();
  const { targetUrl, maxConcurrentRequests } = seed;
  state.webhooks.of(appId).settings = {
    targetUrl,
    concurrencyMax: maxConcurrentRequests,
    createdAt: now,
    updatedAt: now,
  };
  for (const { propertyName, objectTypeId, eventTypeName, ...subscription } of seed.subscriptions) {
    state.webhooks.subscribe(appId, {
      ...subscription,
      propertyName,
      objectTypeId,
      eventTypeName,
      createdAt: now,
      updatedAt: undefined,
    });
  }
}
