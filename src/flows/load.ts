/** Reads a workspace as a worker runs it: secrets unsealed, everything parsed by its schema. */
import { LinchpinError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Sealer } from '../store/seal.ts';
import { listDeclared } from '../store/queries/declared.ts';
import type { Declared, StoredConnection } from '../store/queries/declared.ts';
import { findWorkspaceId } from '../store/queries/workspaces.ts';
import type { Db } from '../store/db.ts';
import { makeConnection } from './make-connection.ts';
import type { Registry } from './registry.ts';
import { fromRow } from './stored-flow.ts';
import { toDeliverySettings } from './workspace.ts';
import type { Connection, Workspace } from './workspace.ts';

export async function loadWorkspace(
  db: Db,
  sealer: Sealer,
  registry: Registry,
  name: string,
): Promise<Workspace> {
  const id = await findWorkspaceId(db, name);
  if (id === undefined) {
    throw new LinchpinError('cli.workspace_unknown', {
      message: `The workspace ${name} has never been applied.`,
    });
  }
  const declared = await listDeclared(db, id);
  const connections = declared.connections.map((connection) =>
    toConnection({ id, name }, connection, declared, sealer, registry),
  );
  return { id, name, connections };
}

function toConnection(
  workspace: { readonly id: number; readonly name: string },
  { suspendedAt, suspendedFault, loginId, secrets, delivery, ...declared }: StoredConnection,
  { flows }: Declared,
  sealer: Sealer,
  registry: Registry,
): Connection {
  return makeConnection({
    workspaceId: workspace.id,
    workspace: workspace.name,
    connection: {
      ...declared,
      secrets: JSON.parse(sealer.unseal(secrets)) as JsonObject, // Sealed by apply.ts.
      delivery: toDeliverySettings(delivery),
    },
    flows: flows.filter((flow) => flow.connection === declared.name).map(fromRow),
    suspended:
      suspendedAt === null || suspendedFault === null
        ? null
        : { at: suspendedAt.toISOString(), fault: suspendedFault },
    // Whoever logs in anew may do so to another account.
    revision: `${declared.secretsFingerprint}.${loginId ?? ''}`,
    registry,
  });
}
