/** Which events of which records an app wants to hear of. */
export interface Subscription {
  readonly id: number;
  readonly eventType: string;
  readonly propertyName: string | undefined;
  /** Of `object.*`. */
  readonly objectTypeId: string | undefined;
  /** Of `event.completed`. */
  readonly eventTypeName: string | undefined;
  readonly active: boolean;
  readonly createdAt: number;
  readonly updatedAt: number | undefined;
}

export interface WebhookSettings {
  readonly targetUrl: string;
  readonly concurrencyMax: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function showSubscription(subscription: Subscription): Record<string, unknown> {
  const { id, eventType, propertyName, objectTypeId, eventTypeName, active, createdAt, updatedAt } =
    subscription;
  return {
    id: String(id),
    eventType,
    ...(propertyName === undefined ? {} : { propertyName }),
    ...(objectTypeId === undefined ? {} : { objectTypeId }),
    ...(eventTypeName === undefined ? {} : { eventTypeName }),
    active,
    createdAt: new Date(createdAt).toISOString(),
    ...(updatedAt === undefined ? {} : { updatedAt: new Date(updatedAt).toISOString() }),
  };
}

export function showSettings(settings: WebhookSettings): Record<string, unknown> {
  return {
    targetUrl: settings.targetUrl,
    throttling: { maxConcurrentRequests: settings.concurrencyMax },
    createdAt: new Date(settings.createdAt).toISOString(),
    updatedAt: new Date(settings.updatedAt).toISOString(),
  };
}
