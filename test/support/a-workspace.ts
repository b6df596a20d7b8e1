/** A workspace in the store with one connection that nobody reads, for tests of what is asked and commanded. */
import type { Pool } from 'pg';
import type { Connection, Workspace } from '../../src/flows/workspace.ts';
import { DEFAULT_DELIVERY } from '../../src/flows/workspace.ts';
import type { NewEvent } from '../../src/kernel/event.ts';
import { Redacted } from '../../src/kernel/redacted.ts';
import type { AnyConnector } from '../../src/kit/index.ts';
import { slotOf } from '../../src/log/index.ts';
import { appendEvents } from '../../src/store/queries/events.ts';
import { ensureWorkspace } from '../../src/store/queries/workspaces.ts';

let workspaceNumber = 0;

export interface StoredWorkspace {
  readonly workspace: Workspace;
  readonly connection: Connection;
  /** Appends to the log; returns the positions in the order of the events. */
  append(events: readonly NewEvent[]): Promise<readonly number[]>;
}

export async function makeWorkspace(pool: Pool, connector: AnyConnector): Promise<StoredWorkspace> {
  workspaceNumber += 1;
  const name = `workspace-${String(workspaceNumber)}`;
  const id = await ensureWorkspace(pool, name);
  await pool.query(
    `insert into connections (workspace_id, name, connector, settings, secrets, secrets_fingerprint) values ($1, 'vendor', 'test', '{}', '', '')`,
    [id],
  );
  await pool.query(
    `insert into cursors (workspace_id, connection, shard, position) values ($1, 'vendor', 0, 0)`,
    [id],
  );
  const connection: Connection = {
    workspaceId: id,
    name: 'vendor',
    revision: '1',
    workspace: 'acme',
    allowsPrivateAddresses: true,
    connector,
    delivery: DEFAULT_DELIVERY,
    settings: { base_url: 'http://127.0.0.1:9', access_token: new Redacted('the-secret-token') },
    suspended: null,
    flows: connector.presets.map((preset) => ({ name: preset.id, preset, source: 'site', options: {} })),
  };
  return {
    workspace: { id, name, connections: [connection] },
    connection,
    append: async (events) => {
      await appendEvents(
        pool,
        id,
        events.map(({ id: messageId, ...event }) => ({
          ...event,
          messageId,
          slot: slotOf(event.personKey),
        })),
      );
      const { rows } = await pool.query<{ message_id: string; position: number }>(
        `select message_id, position from events where workspace_id = $1`,
        [id],
      );
      const positions = new Map(rows.map((row) => [row.message_id, row.position]));
      return events.map((event) => positions.get(event.id) ?? 0);
    },
  };
}
