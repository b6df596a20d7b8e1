/** The clients of a process: one per connection, whatever number of its shards the process reads, so that they keep to
 * the vendor's limits together. */
import type { Connection } from '../flows/workspace.ts';
import type { ConnectionClient, LimitReport } from '../outbound/index.ts';

/** What is used of the limits of one connection, as far as this process knows. */
export interface ConnectionLimits {
  readonly workspaceId: number;
  readonly connection: string;
  readonly limits: readonly LimitReport[];
}

interface OpenClient {
  readonly connection: Connection;
  readonly client: ConnectionClient;
  userCount: number;
}

export class OpenClients {
  readonly #make: (connection: Connection) => ConnectionClient;
  readonly #clients = new Map<string, OpenClient>();

  constructor(make: (connection: Connection) => ConnectionClient) {
    this.#make = make;
  }

  /** Cuts off every call in flight: their inputs fail as if the line were dead. */
  async cutOff(): Promise<void> {
    const cut = [...this.#clients.values()];
    // Whoever opens one from now on gets another.
    this.#clients.clear();
    await Promise.all(cut.map(({ client }) => client.close()));
  }

  /** The client of the connection as it is configured now; closed when its last user has closed it. */
  open(connection: Connection): { readonly client: ConnectionClient; readonly close: () => Promise<void> } {
    const key = JSON.stringify([connection.workspaceId, connection.name, connection.revision]);
    const open = this.#clients.get(key) ?? { connection, client: this.#make(connection), userCount: 0 };
    this.#clients.set(key, open);
    open.userCount += 1;
    return {
      client: open.client,
      close: async () => {
        open.userCount -= 1;
        if (open.userCount > 0) return;
        if (this.#clients.get(key) === open) this.#clients.delete(key);
        await open.client.close();
      },
    };
  }

  limitUse(): readonly ConnectionLimits[] {
    return [...this.#clients.values()].map(({ connection: { workspaceId, name }, client }) => ({
      workspaceId,
      connection: name,
      limits: client.limitUse(),
    }));
  }
}
