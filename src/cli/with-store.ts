/** Opens the store for a command, and closes it again. */
import type { Environment } from '../ops/config/index.ts';
import type { OpenStore, Store } from '../store/store.ts';
import type { Invocation } from './command.ts';
import { textFlag } from './command.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly dataDir: string;
  readonly environment: Environment;
}

export async function withStore<Result>(
  invocation: Invocation,
  access: OpenStore['access'],
  use: (opened: OpenedStore) => Promise<Result>,
): Promise<Result> {
  const { readEnvironment } = await import('../ops/config/index.ts');
  const { openStore } = await import('../store/store.ts');
  const environment = readEnvironment();
  const dataDir = textFlag(invocation, 'data') ?? environment.dataDir;
  const { databaseUrl } = environment;
  const store = await openStore({ dataDir, databaseUrl, access, log: storeLog(invocation) });
  try {
    return await use({ store, dataDir, environment });
  } finally {
    await store.close();
  }
}

/** Commands say what they found; the store's own news are for the log of the server. */
export function storeLog({ output }: Invocation) {
  const tell = (fields: object, message: string): void => {
    output.remark(`${message} ${JSON.stringify(fields)}`);
  };
  return { info: () => undefined, warn: tell, error: tell };
}
