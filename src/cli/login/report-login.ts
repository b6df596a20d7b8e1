/** What a login brought. */
import type { Grant } from '../../kit/index.ts';
import { colours } from '../colours.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';

export interface Login {
  readonly name: string;
  readonly grant: Grant;
  /** Of the login that this one replaces. */
  readonly accountBefore: string | undefined;
  /** Each scope that was asked for, with what needs it. */
  readonly wanted: ReadonlyMap<string, readonly string[]>;
}

/** Words for people, a document for programs, and the exit code: a login without a scope that is needed is found wanting. */
export async function reportLogin(
  output: Output,
  { name, grant, accountBefore, wanted }: Login,
): Promise<ExitCode> {
  const { toWhat } = await import('../../outbound/index.ts');
  const { scopes: granted, account, accountName, user } = grant;
  const missing = [...wanted].flatMap(([scope, neededBy]) =>
    granted === undefined || granted.includes(scope) ? [] : [{ scope, neededBy }],
  );
  output.json({ connection: name, account, accountName, user, scopes: { granted, missing } });
  output.line(`${colours.green('✓')} Logged in${toWhat(grant)}`);
  if (accountBefore !== undefined && accountBefore !== account) {
    output.line(`  Before it was account ${accountBefore}; what waits goes to the new one.`);
  }
  output.line(
    granted === undefined
      ? '  The vendor does not tell which scopes it granted.'
      : `${colours.green('✓')} Scopes granted: ${granted.join(', ')}`,
  );
  for (const { scope, neededBy } of missing) {
    output.line(`${colours.red('✗')} Scope ${scope} is missing, which is needed by ${neededBy.join(', ')}`);
  }
  if (missing.length > 0) output.line('  Give the app these scopes at the vendor, and log in again.');
  output.line(`${name} goes on with this login, in every process that runs.`);
  return missing.length > 0 ? EXIT.checkFailed : EXIT.ok;
}
