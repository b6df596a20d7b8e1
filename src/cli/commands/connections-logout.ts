import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { getConnection } from '../known-names.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const connectionsLogout: Command = {
  name: 'connections logout',
  summary: 'End the login of a connection at the vendor, and forget its tokens',
  args: [['<connection>', 'the name of the connection in linchpin.yaml']],
  flags: [
    { flag: '--force', description: 'forget the tokens though the vendor was not heard to agree' },
    ...WORKSPACE_FLAGS,
  ],
  examples: ['linchpin connections logout hubspot', 'linchpin connections logout hubspot --force'],
  run: async (invocation) => {
    const [name = ''] = invocation.args;
    const { output } = invocation;
    const { revokeLogin } = await import('../../outbound/index.ts');
    const end = await withWorkspace(invocation, async ({ workspace, loginOf }) => {
      const connection = getConnection(workspace, name);
      const login = loginOf(connection);
      const held = await login.load();
      if (held === undefined) return { wasLoggedIn: false, isRevoked: false };
      const isRevoked = await revokeUnlessForced(() => revokeLogin(connection, held), invocation);
      // After the vendor has agreed: tokens that were forgotten here could not be revoked any more.
      await login.delete();
      return { wasLoggedIn: true, isRevoked };
    });
    output.json({ connection: name, ...end });
    if (!end.wasLoggedIn) output.line(`Nobody was logged in to ${name}.`);
    else {
      output.line(`The login of ${name} is forgotten${end.isRevoked ? ', and revoked at the vendor' : ''}.`);
      output.line(`What is for ${name} waits until somebody logs in again.`);
    }
    return EXIT.ok;
  },
};

async function revokeUnlessForced(
  revoke: () => Promise<void>,
  { flags, output }: Parameters<Command['run']>[0],
): Promise<boolean> {
  try {
    await revoke();
    return true;
  } catch (error) {
    if (flags['force'] !== true) throw error;
    output.remark(`Not revoked: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
