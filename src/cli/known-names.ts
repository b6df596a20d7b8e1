/** Names that commands are given. One that nothing has is refused: nothing found under it would look like good news. */
import { LinchpinError } from '../kernel/errors.ts';

interface Named {
  readonly name: string;
}

/** The connection of that name; throws with the names there are. */
export function getConnection<Connection extends Named>(
  workspace: { readonly name: string; readonly connections: readonly Connection[] },
  name: string,
): Connection {
  const found = workspace.connections.find((connection) => connection.name === name);
  if (found !== undefined) return found;
  throw new LinchpinError('cli.connection_unknown', {
    message: `The workspace ${workspace.name} has no connection ${name}.`,
    field: 'connection',
    remedy: oneOf(workspace.connections) ?? 'Declare one in linchpin.yaml and apply it.',
  });
}

/** Throws unless a source, or a connection whose events are in the log, has that name. */
export function assertSource(
  workspace: {
    readonly name: string;
    readonly sources: readonly Named[];
    readonly connections: readonly Named[];
  },
  name: string,
): void {
  const known = [...workspace.sources, ...workspace.connections];
  if (known.some((source) => source.name === name)) return;
  throw new LinchpinError('cli.source_unknown', {
    message: `The workspace ${workspace.name} has no source ${name}.`,
    field: '--source',
    remedy: oneOf(known) ?? 'Declare one in linchpin.yaml and apply it.',
  });
}

/** Throws unless a flow has that name. */
export function assertFlow(
  workspace: { readonly connections: readonly { readonly flows: readonly Named[] }[] },
  name: string,
): void {
  const flows = workspace.connections.flatMap((connection) => connection.flows);
  if (flows.some((flow) => flow.name === name)) return;
  throw new LinchpinError('delivery.flow_unknown', {
    message: `The flow ${name} is not configured.`,
    field: '--flow',
    remedy: oneOf(flows) ?? 'Declare one in linchpin.yaml and apply it.',
  });
}

function oneOf(known: readonly Named[]): string | undefined {
  const names = [...new Set(known.map(({ name }) => name))];
  return names.length === 0 ? undefined : `Use one of: ${names.join(', ')}.`;
}
