/** Runs the real `linchpin` command as a child process, the way a user would. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
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
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would be. */
  kill(): Promise<void>;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a command that listens, and resolves with its address once it says so. */
export async function startProcess(
  args: readonly string[],
  { cwd, env = {} }: RunOptions,
): Promise<LinchpinProcess> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      output += `${line}\n`;
      const found = LISTENING.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => {
      reject(
        new Error(`linchpin ${args.join(' ')} ended with ${String(code)} before it listened:\n${output}`),
      );
    });
  });
  // It listens, so it has a process id.
  const pid = child.pid as number;
  return {
    pid,
    url,
    output: () => output,
    cpuSeconds: () => cpuSecondsOf(pid),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

/** Runs a command to its end. */
export async function runCommand(
  args: readonly string[],
  { cwd, env = {} }: RunOptions,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, stderr };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

// Linux counts CPU time in hundredths of a second (getconf CLK_TCK).
const TICKS_PER_SECOND = 100;

/** User and system time of a process, all threads, from /proc. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
