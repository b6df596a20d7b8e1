/** Opens the store and the workspace that a command is about, and closes them again. */
import type { Pool } from 'pg';
import type { Connection, Workspace } from '../flows/workspace.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { ConnectionLogin } from '../store/logins.ts';
import type { Flag, Invocation } from './command.ts';
import { textFlag } from './command.ts';
import { DATA_FLAG, loadRegistry } from './configured.ts';

/** Flags of every command that looks into a running or resting Linchpin. */
export const WORKSPACE_FLAGS: readonly Flag[] = [
  DATA_FLAG,
  { flag: '--workspace <name>', description: 'which workspace, when the store holds several' },
];

export interface OpenWorkspace {
  readonly pool: Pool;
  readonly workspace: Workspace;
  readonly loginOf: (connection: Connection) => ConnectionLogin;
}

/** Runs `use` with the workspace, attached to the Linchpin that runs in the data folder if one does. */
export async function withWorkspace<Result>(
  invocation: Invocation,
  use: (open: OpenWorkspace) => Promise<Result>,
): Promise<Result> {
  const { readEnvironment } = await import('../ops/config/index.ts');
  const { openStore } = await import('../store/store.ts');
  const { openSealer } = await import('../store/seal.ts');
  const { ConnectionLogin } = await import('../store/logins.ts');
  const { loadWorkspace } = await import('../flows/load.ts');
  const { listWorkspaces } = await import('../store/queries/workspaces.ts');
  const environment = readEnvironment();
  const dataDir = textFlag(invocation, 'data') ?? environment.dataDir;
  const store = await openStore({
    dataDir,
    databaseUrl: environment.databaseUrl,
    access: 'attach',
    log: storeLog(invocation),
  });
  try {
    const name = chooseWorkspace(await listWorkspaces(store.pool), textFlag(invocation, 'workspace'));
    const sealer = openSealer({ dataDir, masterKey: environment.masterKey });
    const workspace = await loadWorkspace(store.pool, sealer, await loadRegistry(), name);
    const loginOf = (connection: Connection): ConnectionLogin =>
      new ConnectionLogin(store.pool, sealer, connection);
    return await use({ pool: store.pool, workspace, loginOf });
  } finally {
    await store.close();
  }
}

/** The connection of that name; throws with the names there are. */
export function getConnection(workspace: Pick<Workspace, 'name' | 'connections'>, name: string): Connection {
  const found = workspace.connections.find((connection) => connection.name === name);
  if (found !== undefined) return found;
  const names = workspace.connections.map((connection) => connection.name).join(', ');
  throw new LinchpinError('cli.connection_unknown', {
    message: `The workspace ${workspace.name} has no connection ${name}.`,
    field: 'connection',
    remedy: names === '' ? 'Declare one in linchpin.yaml and apply it.' : `Use one of: ${names}.`,
  });
}

function chooseWorkspace(names: readonly string[], wanted: string | undefined): string {
  const [only, ...others] = names;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  throw new LinchpinError('cli.workspace_unknown', {
    message:
      wanted === undefined
        ? `The store holds ${names.length === 0 ? 'no workspace' : `several workspaces: ${names.join(', ')}`}.`
        : `The store holds no workspace ${wanted}.`,
    field: '--workspace',
    ...(others.length > 0 && wanted === undefined ? { remedy: 'Say which one with --workspace.' } : {}),
  });
}

/** Commands say what they found; the store's own news are for the log of the server. */
export function storeLog({ output }: Invocation) {
  const tell = (fields: object, message: string): void => {
    output.remark(`${message} ${JSON.stringify(fields)}`);
  };
  return { info: () => undefined, warn: tell, error: tell };
}
