/** Processes that a benchmark runs beside itself. They end with it: each waits for its channel to close. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { WorkspaceDefinition } from '../../src/flows/workspace.ts';
import { cpuSecondsOf } from '../support/linchpin-process.ts';

export interface BenchProcess {
  readonly pid: number;
  readonly url: string;
  /** Seconds of CPU used so far, or until the end. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export interface LinchpinArguments {
  readonly definition: WorkspaceDefinition;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** What of Linchpin the process does. */
  readonly role: 'all' | 'ingest' | 'worker';
}

interface Builder {
  readonly build: (options: {
    readonly name: string;
    readonly entry: string;
    readonly alsoWatch: readonly string[];
  }) => Promise<string>;
}

// Imported as it stands, because it finds the root by its own place: a bundle lies as deep as this file.
const BUILDER = new URL('../../tools/build.mjs', import.meta.url).href;

export function startVendor(): Promise<BenchProcess> {
  return start('vendor', []);
}

export function startRecordingVendor(): Promise<BenchProcess> {
  return start('recording-vendor', []);
}

export function startLinchpinProcess(argument: LinchpinArguments): Promise<BenchProcess> {
  return start('linchpin', [JSON.stringify(argument)]);
}

async function start(name: string, args: readonly string[]): Promise<BenchProcess> {
  const { build } = (await import(BUILDER)) as Builder;
  const main = await build({
    name: `bench-${name}-process`,
    entry: `test/bench/processes/${name}.ts`,
    alsoWatch: ['test/bench', 'test/support'],
  });
  const child = fork(main, args);
  const { url } = await Promise.race([
    once(child, 'message').then(([message]) => message as { readonly url: string }),
    once(child, 'exit').then(() => {
      throw new Error(`The process ${name} ended before it was ready.`);
    }),
  ]);
  const pid = child.pid as number; // It has spoken, so it has a process id.
  let spent = 0;
  return {
    pid,
    url,
    cpuSeconds: () => (child.exitCode === null ? (spent = cpuSecondsOf(pid)) : spent),
    stop: async () => {
      spent = cpuSecondsOf(pid);
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
