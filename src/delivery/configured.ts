/** The connections that a worker may read, as they were configured when it last looked. */
import type { Connection, Workspace } from '../flows/workspace.ts';
import type { ShardId } from '../store/queries/cursors.ts';
import { connectionName } from './roster.ts';

export interface ConfiguredConnection {
  /** The name of its workspace. */
  readonly workspace: string;
  readonly connection: Connection;
}

export class Configured {
  readonly #loadWorkspaces: () => Promise<readonly Workspace[]>;
  #connections: ReadonlyMap<string, ConfiguredConnection> = new Map();

  constructor(loadWorkspaces: () => Promise<readonly Workspace[]>) {
    this.#loadWorkspaces = loadWorkspaces;
  }

  async load(): Promise<void> {
    const workspaces = await this.#loadWorkspaces();
    this.#connections = new Map(
      workspaces.flatMap(({ id: workspaceId, name: workspace, connections }) =>
        connections.map((connection) => [
          connectionName({ workspaceId, connection: connection.name }),
          { workspace, connection },
        ]),
      ),
    );
  }

  /** `undefined` for a connection that another worker must read, or that was applied since. */
  find(shard: Pick<ShardId, 'workspaceId' | 'connection'>): ConfiguredConnection | undefined {
    return this.#connections.get(connectionName(shard));
  }
}
