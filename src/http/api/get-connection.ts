import type { Connection, Workspace } from '../../flows/workspace.ts';
import { LinchpinError } from '../../kernel/errors.ts';

/** The connection of that name; throws, naming the field of the request it stood in. */
export function getConnection(workspace: Workspace, name: string, field: string): Connection {
  const found = workspace.connections.find((connection) => connection.name === name);
  if (found !== undefined) return found;
  throw new LinchpinError('cli.connection_unknown', {
    message: `The workspace ${workspace.name} has no connection ${name}.`,
    field,
  });
}
