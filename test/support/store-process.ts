/** Opens a store in a process of its own, so that a test can kill whom it likes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { build } from '../../tools/build.mjs';

export interface StoreProcess {
  readonly pid: number;
  readonly url: string;
  /** The PostgreSQL server and its children, when this process runs them. */
  readonly serverPids: readonly number[];
  /** SIGTERM, and wait for the end. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would be. */
  kill(): Promise<void>;
}

export async function startStoreProcess(
  dataDir: string,
  access: 'own' | 'attach' = 'own',
): Promise<StoreProcess> {
  const main = await build({
    name: 'store-process',
    entry: 'test/support/store-process-main.ts',
    alsoWatch: ['test/support'],
  });
  const child = spawn(process.execPath, [main, dataDir, access], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const opened = await new Promise<{ url: string; serverPids: readonly number[] }>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => {
      resolve(JSON.parse(line) as { url: string; serverPids: readonly number[] });
    });
    child.once('exit', () => {
      reject(new Error(`The store did not open: ${output}`));
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    pid: child.pid as number, // It has spoken, so it has a process id.
    ...opened,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
