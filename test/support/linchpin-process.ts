/** Runs the real `linchpin` command as a child process, the way a user would. */
import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../bin/linchpin.js', import.meta.url));
const LISTENING = /(http:\/\/127\.0\.0\.1:\d+)/;

export interface LinchpinProcess {
  readonly pid: number;
  /** Where it listens, as it says itself. */
  readonly url: string;
  /** Everything it has written so far. */
  output(): string;
  /** Seconds of CPU that the process itself has used. */
  cpuSeconds(): number;
  /** Sends SIGTERM and waits for the end; the exit code, or null when a signal ended it. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a crash would be. */
  kill(): Promise<void>;
}

/** A command that was started and of which nothing is known yet. */
export interface StartedProcess {
  output(): string;
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a command that listens, and resolves with its address once it says so. */
export async function startProcess(args: readonly string[], options: RunOptions): Promise<LinchpinProcess> {
  const child = spawnCommand(args, options);
  const started = follow(child);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = LISTENING.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => {
      reject(
        new Error(
          `linchpin ${args.join(' ')} ended with ${String(code)} before it listened:\n${started.output()}`,
        ),
      );
    });
  });
  // It listens, so it has a process id.
  const pid = child.pid as number;
  return { ...started, pid, url, cpuSeconds: () => cpuSecondsOf(pid) };
}

/** Starts a command without waiting for anything. */
export function launchProcess(args: readonly string[], options: RunOptions): StartedProcess {
  return follow(spawnCommand(args, options));
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function spawnCommand(args: readonly string[], { cwd, env = {} }: RunOptions): Child {
  return spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function follow(child: Child): StartedProcess {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  return {
    output: () => output,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
  };
}

export interface FinishedProcess {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], options: RunOptions): Promise<FinishedProcess> {
  const child = spawnCommand(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, stderr };
}

/** Runs a command that prints an address and waits; what `human` makes of the address is typed in, if anything. */
export async function runWithHuman(
  args: readonly string[],
  { cwd, env = {} }: RunOptions,
  human: (address: string) => Promise<string | undefined>,
): Promise<FinishedProcess> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');
  createInterface(child.stderr).on('line', (line) => {
    if (!/^https?:\/\/\S+$/.test(line)) return;
    void human(line).then((typed) => {
      if (typed !== undefined) child.stdin.end(`${typed}\n`);
    });
  });
  const [code] = (await closed) as [number | null];
  return { code: code ?? -1, stdout, stderr };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}

// Linux counts CPU time in hundredths of a second (getconf CLK_TCK).
const TICKS_PER_SECOND = 100;

/** User and system time of a process, all threads, from /proc. */
export function cpuSecondsOf(pid: number): number {
  const times = cpuTimesOf(pid);
  return times.user + times.system;
}

/** The same of the children that it has seen end. */
export function reapedCpuSecondsOf(pid: number): number {
  const times = cpuTimesOf(pid);
  return times.childrenUser + times.childrenSystem;
}

function cpuTimesOf(
  pid: number,
): Readonly<Record<'user' | 'system' | 'childrenUser' | 'childrenSystem', number>> {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const seconds = (index: number): number => Number(fields[index]) / TICKS_PER_SECOND;
  // Fields 14 to 17 of proc_pid_stat(5); the first two are cut off above.
  return { user: seconds(11), system: seconds(12), childrenUser: seconds(13), childrenSystem: seconds(14) };
}
