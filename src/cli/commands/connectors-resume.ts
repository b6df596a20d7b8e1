import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { getConnection } from '../known-names.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const connectorsResume: Command = {
  name: 'connectors resume',
  summary: 'Let a suspended connection go on, once the vendor accepts it again',
  args: [['<connection>', 'the name of the connection in linchpin.yaml']],
  flags: [...WORKSPACE_FLAGS],
  examples: ['linchpin connectors resume hubspot'],
  run: async (invocation) => {
    const [name = ''] = invocation.args;
    const { resumeConnection } = await import('../../store/queries/suspensions.ts');
    const { sendSignal } = await import('../../store/signals.ts');
    const wasSuspended = await withDeclared(invocation, async ({ pool, workspace }) => {
      getConnection(workspace, name);
      const isResumed = await resumeConnection(pool, workspace.id, name);
      await sendSignal(pool, 'control', workspace.id);
      return isResumed;
    });
    const { output } = invocation;
    output.json({ connection: name, wasSuspended });
    output.line(
      wasSuspended
        ? `${name} goes on where it stood; a credential that changed is applied with linchpin apply.`
        : `${name} was not suspended.`,
    );
    return EXIT.ok;
  },
};
