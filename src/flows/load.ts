/** Reads a workspace as a worker runs it: secrets unsealed, everything parsed by its schema. */
import { createHash } from 'node:crypto';
import { LinchpinError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Sealer } from '../store/seal.ts';
import { listDeclared } from '../store/queries/declared.ts';
import type { Declared, DeclaredFlow, StoredConnection } from '../store/queries/declared.ts';
import { findWorkspaceId } from '../store/queries/workspaces.ts';
import type { Db } from '../store/db.ts';
import type { Registry } from './registry.ts';
import type { Connection, Flow, Workspace } from './workspace.ts';

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
    toConnection(id, connection, declared, sealer, registry),
  );
  return { id, name, connections };
}

function toConnection(
  workspaceId: number,
  stored: StoredConnection,
  { flows }: Declared,
  sealer: Sealer,
  registry: Registry,
): Connection {
  const { name, suspendedAt, suspendedFault } = stored;
  const connector = registry.connectors.get(stored.connector);
  if (connector === undefined)
    throw unknown('config.unknown_connector', `connector ${stored.connector}`, name);
  const secrets = JSON.parse(sealer.unseal(stored.secrets)) as JsonObject; // Sealed by apply.ts.
  const own = flows.filter((flow) => flow.connection === name);
  return {
    workspaceId,
    name,
    revision: revisionOf(stored, own),
    allowsPrivateAddresses: ADDRESS_SETTINGS.some((setting) => stored.settings[setting] !== undefined),
    connector,
    settings: connector.settings.parse({ ...stored.settings, ...secrets }),
    suspended:
      suspendedAt === null || suspendedFault === null
        ? null
        : { at: suspendedAt.toISOString(), fault: suspendedFault },
    flows: own.map((flow) => toFlow(flow, registry)),
  };
}

// The settings in which an operator writes an address of a vendor.
const ADDRESS_SETTINGS = ['base_url', 'api_url', 'token_url'] as const;

function toFlow({ name, preset: id, source, options }: DeclaredFlow, registry: Registry): Flow {
  const registered = registry.presets.get(id);
  if (registered === undefined) throw unknown('config.unknown_preset', `preset ${id}`, name);
  const { preset } = registered;
  return { name, preset, source, options: preset.action.options.parse({ ...preset.options, ...options }) };
}

function revisionOf(
  { connector, settings, secretsFingerprint }: StoredConnection,
  flows: readonly DeclaredFlow[],
): string {
  return createHash('sha256')
    .update(JSON.stringify([connector, settings, secretsFingerprint, flows]))
    .digest('base64url');
}

function unknown(
  code: 'config.unknown_connector' | 'config.unknown_preset',
  what: string,
  name: string,
): LinchpinError {
  return new LinchpinError(code, {
    message: `The store declares ${name} with the ${what}, which this version of Linchpin does not have.`,
    field: name,
    remedy: 'Run the version that it was applied with, or apply a configuration without it.',
  });
}
