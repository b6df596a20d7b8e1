/**
 * One run of the PostgreSQL server as a child process: started, waited for until it accepts connections, and
 * stopped in order. It has a session of its own, so that Ctrl-C reaches Linchpin alone, which stops it last.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { systemClock } from '../../kernel/clock.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { LogSink } from '../log-sink.ts';
import type { Binaries } from './binaries.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { settlePreviousServer } from './previous-server.ts';
import { serverSettings } from './server-settings.ts';
import { spawnAs } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process has ended, however. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface StartServer {
  readonly binaries: Binaries;
  readonly cluster: string;
  readonly serverLog: string;
  readonly user: ServerUser | undefined;
  /** The port of the run before, when this one replaces it; a free one otherwise. */
  readonly port?: number;
  readonly log: LogSink;
}

// Recovery reads at most the WAL since the last checkpoint, 4 GB by our settings; slow disks read that in minutes.
const READY_TIMEOUT_MS = 300_000;
const READY_POLL_MS = 10;

// How long a start is repeated when something of a killed server is still in its way.
const RETRY_FOR_MS = 30_000;
const RETRY_EVERY_MS = 250;

// Messages of PostgreSQL 15 and 18 for what passes by itself: a dead postmaster that is not reaped yet, its
// children that have not noticed, a port that another program took between our look and the bind.
const PASSES_BY_ITSELF = /lock file .* already exists|pre-existing shared memory block|could not bind/;

// How long a fast shutdown may write its checkpoint before it is cut short; recovery then happens at the next start.
const FAST_STOP_MS = 30_000;
const IMMEDIATE_STOP_MS = 5_000;

export async function startServerProcess(options: StartServer): Promise<ServerProcess> {
  const deadline = systemClock.now() + RETRY_FOR_MS;
  rotateLog(options.serverLog);
  for (;;) {
    await settlePreviousServer(options.cluster, options.log);
    const attempt = await startOnce(options, options.port ?? (await findFreePort()));
    if ('pid' in attempt) return attempt;
    if (!PASSES_BY_ITSELF.test(attempt.reason) || systemClock.now() > deadline) {
      throw new LinchpinError('store.server_start_failed', {
        message: `PostgreSQL did not start: ${attempt.reason}`,
        remedy: `Read what it says above; the whole log is in ${options.serverLog}.`,
        cause: attempt.cause,
      });
    }
    await systemClock.sleep(RETRY_EVERY_MS);
  }
}

interface FailedStart {
  readonly reason: string;
  readonly cause?: unknown;
}

async function startOnce(options: StartServer, port: number): Promise<ServerProcess | FailedStart> {
  const { binaries, cluster, serverLog, user, log } = options;
  const output = openSync(serverLog, 'a', 0o600);
  const logStart = statSync(serverLog).size;
  const settings = Object.entries(serverSettings(port)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(binaries.postgres, ['-D', cluster, ...settings], {
    ...spawnAs(user),
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exit = watchExit(child);
  const startedMs = systemClock.now();
  let hasSaidSo = false;
  while (child.pid !== undefined && !exit.hasHappened()) {
    const file = readPostmasterFile(cluster);
    if (file?.pid === child.pid && file.isReady)
      return toServerProcess(child, child.pid, port, exit.happened);
    const waitedMs = systemClock.now() - startedMs;
    // A user who sees nothing for some seconds thinks that it hangs.
    if (waitedMs > 3_000 && !hasSaidSo) {
      hasSaidSo = true;
      log.info({ serverLog }, 'PostgreSQL is recovering what an unclean stop left; this can take a minute');
    }
    if (waitedMs > READY_TIMEOUT_MS) {
      child.kill('SIGQUIT');
      await exit.happened;
      return {
        reason: `not ready after ${String(READY_TIMEOUT_MS / 1_000)} s. ${lastLines(serverLog, logStart)}`,
      };
    }
    await systemClock.sleep(READY_POLL_MS);
  }
  const cause = await exit.happened;
  return cause === undefined ? { reason: lastLines(serverLog, logStart) } : { reason: cause.message, cause };
}

interface Exit {
  readonly hasHappened: () => boolean;
  /** Resolves with the error when the process could not even be started. */
  readonly happened: Promise<Error | undefined>;
}

function watchExit(child: ChildProcess): Exit {
  let isOver = false;
  const happened = new Promise<Error | undefined>((resolve) => {
    child.once('error', (error) => {
      isOver = true;
      resolve(error);
    });
    child.once('exit', () => {
      isOver = true;
      resolve(undefined);
    });
  });
  return { hasHappened: () => isOver, happened };
}

function toServerProcess(
  child: ChildProcess,
  pid: number,
  port: number,
  happened: Promise<Error | undefined>,
): ServerProcess {
  // Without this, a process that ends without closing the store would leave the server behind.
  const stopAtExit = (): void => {
    child.kill('SIGINT');
  };
  process.once('exit', stopAtExit);
  const exited = happened.then(() => {
    process.off('exit', stopAtExit);
  });
  return {
    pid,
    port,
    exited,
    stop: async () => {
      child.kill('SIGINT'); // Fast shutdown: sessions end, what they committed is kept.
      if (await endsWithin(exited, FAST_STOP_MS)) return;
      child.kill('SIGQUIT');
      if (await endsWithin(exited, IMMEDIATE_STOP_MS)) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function endsWithin(exited: Promise<void>, ms: number): Promise<boolean> {
  const waiting = new AbortController();
  const ended = await Promise.race([
    exited.then(() => true),
    systemClock.sleep(ms, waiting.signal).then(() => false),
  ]);
  waiting.abort();
  return ended;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('A listening socket has no port.'));
      });
    });
  });
}

// Months of starts and warnings; one older log is kept beside it.
const LOG_BYTES_MAX = 10 * 1024 ** 2;

function rotateLog(serverLog: string): void {
  const size = statSync(serverLog, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES_MAX) renameSync(serverLog, `${serverLog}.1`);
}

// PostgreSQL says why it stops in its last line or two; more is there for what surrounds it.
const LINES_QUOTED = 12;

function lastLines(serverLog: string, from: number): string {
  const text = readFileSync(serverLog).subarray(from).toString('utf8').trim();
  return text === '' ? 'it ended without a word.' : text.split('\n').slice(-LINES_QUOTED).join('\n');
}
