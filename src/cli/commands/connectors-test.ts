import { colours } from '../colours.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { existsSync } from 'node:fs';
import type { Connection } from '../../flows/workspace.ts';
import { textFlag } from '../command.ts';
import { CONFIG_FLAG, readConfigured } from '../configured.ts';
import { getConnection } from '../known-names.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const connectorsTest: Command = {
  name: 'connectors test',
  summary: 'Ask the vendor whether a connection works: token, scopes, properties, limits',
  args: [['<connection>', 'the name of the connection in linchpin.yaml']],
  flags: [CONFIG_FLAG, ...WORKSPACE_FLAGS],
  examples: [
    'linchpin connectors test hubspot',
    'linchpin connectors test hubspot --config acme.yaml',
    'linchpin connectors test hubspot --json',
  ],
  run: async (invocation) => {
    const [name = ''] = invocation.args;
    const { checkConnection } = await import('../../outbound/index.ts');
    const connection = await findConnection(invocation, name);
    // What somebody logged in to works with what is stored, so that it must have been applied.
    const results =
      connection.connector.auth(connection.settings).kind === 'authorization_code'
        ? await withWorkspace(invocation, ({ workspace, loginOf }) => {
            const applied = getConnection(workspace, name);
            return checkConnection(applied, systemClock, loginOf(applied));
          })
        : await checkConnection(connection, systemClock);
    const lines = results.flatMap((result) => result.lines);
    const { output } = invocation;
    output.json({ connection: name, ok: lines.every(({ ok }) => ok), checks: results });
    for (const { ok, text, remedy } of lines) {
      output.line(`${ok ? colours.green('✓') : colours.red('✗')} ${text}`);
      if (!ok && remedy !== undefined) output.line(`  ${remedy}`);
    }
    return lines.every(({ ok }) => ok) ? EXIT.ok : EXIT.checkFailed;
  },
};

/** From the configuration when there is one, so that a token can be tried before anything is started. */
async function findConnection(invocation: Invocation, name: string): Promise<Connection> {
  const { readEnvironment } = await import('../../ops/config/index.ts');
  const file = textFlag(invocation, 'config') ?? readEnvironment().configFile;
  if (textFlag(invocation, 'config') === undefined && !existsSync(file)) {
    return withWorkspace(invocation, ({ workspace }) => Promise.resolve(getConnection(workspace, name)));
  }
  const { connectionsOf } = await import('../../flows/make-connection.ts');
  const { configuration, registry } = await readConfigured(invocation);
  const { definition } = configuration;
  return getConnection({ name: definition.name, connections: connectionsOf(definition, registry) }, name);
}
