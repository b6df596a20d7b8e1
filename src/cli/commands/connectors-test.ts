import colors from 'picocolors';
import { systemClock } from '../../kernel/clock.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { getConnection, WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const connectorsTest: Command = {
  name: 'connectors test',
  summary: 'Ask the vendor whether a connection works: token, scopes, properties, limits',
  args: [['<connection>', 'the name of the connection in linchpin.yaml']],
  flags: [...WORKSPACE_FLAGS],
  examples: ['linchpin connectors test hubspot', 'linchpin connectors test hubspot --json'],
  run: async (invocation) => {
    const [name = ''] = invocation.args;
    const { checkConnection } = await import('../../outbound/index.ts');
    const results = await withWorkspace(invocation, ({ workspace }) =>
      checkConnection(getConnection(workspace, name), systemClock),
    );
    const lines = results.flatMap((result) => result.lines);
    const { output } = invocation;
    output.json({ connection: name, ok: lines.every(({ ok }) => ok), checks: results });
    for (const { ok, text, remedy } of lines) {
      output.line(`${ok ? colors.green('✓') : colors.red('✗')} ${text}`);
      if (!ok && remedy !== undefined) output.line(`  ${remedy}`);
    }
    return lines.every(({ ok }) => ok) ? EXIT.ok : EXIT.checkFailed;
  },
};
