/** Opens the store for a command that needs no workspace, and closes it again. */
import type { Store } from '../store/store.ts';
import type { Invocation } from './command.ts';
import { textFlag } from './command.ts';
import { storeLog } from './with-workspace.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly dataDir: string;
}

/** `own` refuses a data folder that a running Linchpin holds; `attach` looks on while it runs. */
export async function withStore<Result>(
  invocation: Invocation,
  access: 'own' | 'attach',
  use: (opened: OpenedStore) => Promise<Result>,
): Promise<Result> {
  const { readEnvironment } = await import('../ops/config/index.ts');
  const { openStore } = await import('../store/store.ts');
  const environment = readEnvironment();
  const dataDir = textFlag(invocation, 'data') ?? environment.dataDir;
  const { databaseUrl } = environment;
  const store = await openStore({ dataDir, databaseUrl, access, log: storeLog(invocation) });
  try {
    return await use({ store, dataDir });
  } finally {
    await store.close();
  }
}
