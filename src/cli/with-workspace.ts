/** Opens the store and the workspace that a command is about, and closes them again. */
import type { Pool } from 'pg';
import type { Connection, Workspace } from '../flows/workspace.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { ConnectionLogin } from '../store/logins.ts';
import type { Flag, Invocation } from './command.ts';
import { textFlag } from './command.ts';
import { DATA_FLAG, loadRegistry } from './configured.ts';
import { withStore } from './with-store.ts';

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

/** Runs `use` with the workspace as it is delivered for, its secrets opened by the master key. */
export async function withWorkspace<Result>(
  invocation: Invocation,
  use: (open: OpenWorkspace) => Promise<Result>,
): Promise<Result> {
  const { openSealer } = await import('../store/seal.ts');
  const { ConnectionLogin } = await import('../store/logins.ts');
  const { loadWorkspace } = await import('../flows/load.ts');
  return withStore(invocation, 'look', async ({ store: { pool }, dataDir, environment }) => {
    const name = await chooseWorkspace(pool, invocation);
    const sealer = openSealer({ dataDir, masterKey: environment.masterKey, mustExist: true });
    const workspace = await loadWorkspace(pool, sealer, await loadRegistry(), name);
    const loginOf = (connection: Connection): ConnectionLogin =>
      new ConnectionLogin(pool, sealer, connection);
    return use({ pool, workspace, loginOf });
  });
}

export interface OpenDeclared {
  readonly pool: Pool;
  readonly workspace: DeclaredWorkspace;
}

/** The names that a workspace declares. */
export interface DeclaredWorkspace {
  readonly id: number;
  readonly name: string;
  readonly sources: readonly { readonly name: string }[];
  readonly connections: readonly {
    readonly name: string;
    readonly flows: readonly { readonly name: string }[];
  }[];
}

/** Runs `use` with what is stored of the workspace. No secret is opened, so a restored store needs no master key. */
export async function withDeclared<Result>(
  invocation: Invocation,
  use: (open: OpenDeclared) => Promise<Result>,
): Promise<Result> {
  const { findWorkspaceId } = await import('../store/queries/workspaces.ts');
  const { listDeclared } = await import('../store/queries/declared.ts');
  return withStore(invocation, 'look', async ({ store: { pool } }) => {
    const name = await chooseWorkspace(pool, invocation);
    const id = await findWorkspaceId(pool, name);
    if (id === undefined) throw unknownWorkspace(name); // Removed since it was listed.
    const { sources, connections, flows } = await listDeclared(pool, id);
    const own = (connection: string) => flows.filter((flow) => flow.connection === connection);
    const named = connections.map((each) => ({ name: each.name, flows: own(each.name) }));
    return use({ pool, workspace: { id, name, sources, connections: named } });
  });
}

async function chooseWorkspace(pool: Pool, invocation: Invocation): Promise<string> {
  const { listWorkspaces } = await import('../store/queries/workspaces.ts');
  const names = await listWorkspaces(pool);
  const wanted = textFlag(invocation, 'workspace');
  const [only, ...others] = names;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  if (wanted !== undefined) throw unknownWorkspace(wanted);
  throw new LinchpinError('cli.workspace_unknown', {
    message: `The store holds ${names.length === 0 ? 'no workspace' : `several workspaces: ${names.join(', ')}`}.`,
    field: '--workspace',
    ...(others.length > 0 ? { remedy: 'Say which one with --workspace.' } : {}),
  });
}

function unknownWorkspace(name: string): LinchpinError {
  return new LinchpinError('cli.workspace_unknown', {
    message: `The store holds no workspace ${name}.`,
    field: '--workspace',
  });
}
