/** Asks a vendor the questions that its connector declares, through the same client as deliveries. */
import type { Clock } from '../kernel/clock.ts';
import type { Connection } from '../flows/workspace.ts';
import type { CheckLine } from '../kit/index.ts';
import { ConnectionClient } from './connection-client.ts';
import { drive } from './drive.ts';
import type { Driven } from './drive.ts';
import { checkLogin } from './oauth/check-login.ts';
import type { LoginStore } from './oauth/login-store.ts';
import { RecordClaims } from './record-claims.ts';

export interface CheckResult {
  readonly title: string;
  readonly lines: readonly CheckLine[];
}

/**
 * Runs every check of the connection's connector, in order. A check that fails does not stop the others, but without a
 * login there is nothing that they could ask.
 */
export async function checkConnection(
  connection: Connection,
  clock: Clock,
  login?: LoginStore,
): Promise<readonly CheckResult[]> {
  const { connector, settings, allowsPrivateAddresses, flows } = connection;
  const client = new ConnectionClient({
    connector,
    settings,
    clock,
    privateAddresses: allowsPrivateAddresses,
    ...(login === undefined ? {} : { login }),
  });
  const results: CheckResult[] = [];
  try {
    const checked = await checkLogin(connection, client);
    if (checked !== undefined) results.push({ title: 'Login', lines: [checked.line] });
    if (checked?.line.ok === false) return results;
    const granted = checked?.granted;
    for (const { title, run } of connector.checks) {
      const driven = await drive(run({ settings, flows, granted }), {
        client,
        claims: new RecordClaims(),
        signal: new AbortController().signal,
        onExchange: () => undefined,
      });
      results.push({ title, lines: linesOf(title, driven) });
    }
  } finally {
    await client.close();
  }
  return results;
}

function linesOf(title: string, driven: Driven<readonly CheckLine[]>): readonly CheckLine[] {
  if (driven.kind === 'returned') return driven.result;
  if (driven.kind !== 'failed') return [{ ok: false, text: `${title}: stopped` }];
  const { failure } = driven;
  const reason =
    failure.kind === 'deferred' ? failure.reason : `${failure.fault.message} (${failure.fault.code})`;
  return [{ ok: false, text: `${title}: ${reason}` }];
}
