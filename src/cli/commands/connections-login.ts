import { systemClock } from '../../kernel/clock.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import type { Connection } from '../../flows/workspace.ts';
import type { Authorization } from '../../outbound/index.ts';
import type { Command, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import type { ListenableUri } from '../login/redirect-listener.ts';
import { REDIRECT_FLAGS, readRedirectUri } from '../login/redirect-uri.ts';
import { reportLogin } from '../login/report-login.ts';
import { getConnection } from '../known-names.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const connectionsLogin: Command = {
  name: 'connections login',
  summary: 'Log in to the account of a connection, with a browser here or elsewhere',
  args: [['<connection>', 'the name of the connection in linchpin.yaml']],
  flags: [
    { flag: '--no-browser', description: 'print the address, and read from the terminal where it led to' },
    ...REDIRECT_FLAGS,
    {
      flag: '--scopes <scopes>',
      description: 'to ask for besides those that the flows need, separated by blanks',
    },
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin connections login hubspot',
    'linchpin connections login hubspot --no-browser',
    'linchpin connections login hubspot --redirect-uri https://crm.example.com/callback',
    "linchpin connections login hubspot --scopes 'crm.objects.deals.read crm.objects.deals.write'",
  ],
  run: async (invocation) => {
    const [name = ''] = invocation.args;
    // The store is closed again while the human is away: a server may be started meanwhile.
    const connection = await withWorkspace(invocation, ({ workspace }) =>
      Promise.resolve(getConnection(workspace, name)),
    );
    const { authorizationOf, finishLogin } = await import('../../outbound/index.ts');
    const auth = authorizationOf(connection);
    const needs = auth.scopes(connection.flows);
    const more = (textFlag(invocation, 'scopes') ?? '').split(/\s+/).filter((scope) => scope !== '');
    const scopes = [...new Set([...needs.keys(), ...more])];
    const { authorization, code } = await obtainCode(invocation, connection, scopes);
    const { tokens, grant } = await finishLogin(connection, authorization, code);
    const accountBefore = await withWorkspace(invocation, async ({ workspace, loginOf }) => {
      const login = loginOf(getConnection(workspace, name));
      const before = await login.account();
      const { account, scopes: granted } = grant;
      await login.put({ ...tokens, clientId: auth.clientId, account, scopes: granted });
      return before;
    });
    const wanted = new Map([...more.map((scope) => [scope, ['--scopes']] as const), ...needs]);
    return reportLogin(invocation.output, { name, grant, accountBefore, wanted });
  },
};

interface Obtained {
  readonly authorization: Authorization;
  readonly code: Redacted;
}

async function obtainCode(
  invocation: Invocation,
  connection: Connection,
  scopes: readonly string[],
): Promise<Obtained> {
  const redirect = readRedirectUri(invocation);
  return invocation.flags['browser'] === false || redirect.listen === undefined
    ? obtainPasted(invocation, connection, { redirectUri: redirect.text, scopes })
    : obtainByBrowser(invocation, connection, { redirect: { ...redirect, listen: redirect.listen }, scopes });
}

async function obtainByBrowser(
  invocation: Invocation,
  connection: Connection,
  { redirect, scopes }: { readonly redirect: ListenableUri; readonly scopes: readonly string[] },
): Promise<Obtained> {
  const { authorizationOf, beginAuthorization } = await import('../../outbound/index.ts');
  const { listenForRedirect } = await import('../login/redirect-listener.ts');
  const { openBrowser } = await import('../login/open-browser.ts');
  const { output } = invocation;
  const listener = await listenForRedirect(redirect, systemClock);
  try {
    const asked = { redirectUri: listener.uri, scopes };
    const authorization = beginAuthorization(authorizationOf(connection), asked);
    output.remark('Your browser opens this address. Open it yourself if it does not:');
    output.remark(`\n${authorization.address}\n`);
    output.remark('Without a browser on this machine, stop this and run it again with --no-browser.');
    const coming = listener.waitFor(authorization);
    openBrowser(authorization.address, () => {
      output.remark('This machine has no program that opens a browser.');
    });
    return { authorization, code: await coming };
  } finally {
    listener.close();
  }
}

async function obtainPasted(
  { output }: Invocation,
  connection: Connection,
  asked: { readonly redirectUri: string; readonly scopes: readonly string[] },
): Promise<Obtained> {
  const { authorizationOf, beginAuthorization, readPasted } = await import('../../outbound/index.ts');
  const { readPastedLine } = await import('../login/read-pasted-line.ts');
  const authorization = beginAuthorization(authorizationOf(connection), asked);
  output.remark('Open this address in a browser, on whatever machine:');
  output.remark(`\n${authorization.address}\n`);
  output.remark(`It leads to ${asked.redirectUri}, where there may be nothing to see.`);
  output.remark('Copy the whole address from the address bar, and paste it here:');
  return { authorization, code: readPasted(await readPastedLine(), authorization) };
}
