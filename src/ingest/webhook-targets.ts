import type { Clock } from '../kernel/clock.ts';
import type { Redacted } from '../kernel/redacted.ts';
import type { Connection, Workspace } from '../flows/workspace.ts';
import type { Webhooks } from '../kit/index.ts';
import type { Source } from './source.ts';

/** A connection whose vendor tells of changes. */
export interface WebhookTarget {
  /** Events carry the name of the connection as that of their source. */
  readonly source: Source;
  readonly secret: Redacted;
  readonly webhooks: Pick<Webhooks<unknown>, 'isGenuine' | 'read'>;
}

// How long a connection or a secret that `linchpin apply` changed may still count, as for write keys.
const TTL_MS = 5_000;

/**
 * Finds the target of a webhook by the name of its connection. All targets are loaded at once and kept for some seconds,
 * so that neither a busy vendor nor somebody who tries names costs a query per request.
 */
export function makeWebhookTargets(
  loadWorkspace: () => Promise<Workspace>,
  clock: Clock,
): (connection: string) => Promise<WebhookTarget | undefined> {
  let loaded: Promise<readonly WebhookTarget[]> | undefined;
  let untilMs = Number.NEGATIVE_INFINITY;
  return async (connection) => {
    if (loaded === undefined || clock.now() >= untilMs) {
      loaded = loadWorkspace().then(({ connections }) => connections.flatMap(toTarget));
      untilMs = clock.now() + TTL_MS;
      const loading = loaded;
      loading.catch(() => {
        if (loaded === loading) loaded = undefined;
      });
    }
    return (await loaded).find(({ source }) => source.name === connection);
  };
}

function toTarget({ workspaceId, name, connector, settings }: Connection): readonly WebhookTarget[] {
  const { webhooks } = connector;
  const secret = webhooks?.secret(settings);
  if (webhooks === undefined || secret === undefined) return [];
  return [{ source: { workspaceId, name, type: connector.id }, secret, webhooks }];
}
