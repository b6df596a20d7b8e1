/**
 * Clears away what an earlier run left in a cluster whose lock we hold: a server that outlived a killed
 * Linchpin, children that outlived a killed server, and a `postmaster.pid` that nobody stands behind.
 *
 * On Linux the servers of a cluster are found for certain: each of their processes works in the cluster's
 * folder, the same inode, which no pid given again can fake. Elsewhere the command line of the recorded pid
 * is asked.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { systemClock } from '../../kernel/clock.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { LogSink } from '../log-sink.ts';
import { postmasterFilePath, readPostmasterFile } from './postmaster-file.ts';

// A fast shutdown writes a checkpoint, which takes seconds when much is unwritten. After that recovery at the
// next start is the smaller evil, and SIGKILL is for a process that hangs.
const STOP_STEPS = [
  { signal: 'SIGINT', waitMs: 30_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const;

const POLL_MS = 20;

export async function settlePreviousServer(cluster: string, log: LogSink): Promise<void> {
  if (findServerProcesses(cluster).length > 0) {
    log.warn({ cluster }, 'A PostgreSQL server of a Linchpin that was killed is still running; stopping it');
    await stopServerProcesses(cluster);
  }
  // PostgreSQL itself takes any live process with the recorded pid for its own, a zombie or a stranger of the
  // same user too, and then refuses to start. On Linux we have just proven that there is none.
  if (process.platform === 'linux') rmSync(postmasterFilePath(cluster), { force: true });
}

async function stopServerProcesses(cluster: string): Promise<void> {
  for (const { signal, waitMs } of STOP_STEPS) {
    const postmaster = readPostmasterFile(cluster)?.pid;
    const processes = findServerProcesses(cluster);
    // The postmaster stops its children in order. Only when it is gone are they signalled themselves.
    const targets = postmaster !== undefined && processes.includes(postmaster) ? [postmaster] : processes;
    for (const pid of targets) sendSignal(pid, signal);
    const deadline = systemClock.now() + waitMs;
    while (systemClock.now() < deadline) {
      if (findServerProcesses(cluster).length === 0) return;
      await systemClock.sleep(POLL_MS);
    }
  }
  throw new LinchpinError('store.server_unstoppable', {
    message: `An earlier PostgreSQL server of ${cluster} does not stop (processes ${findServerProcesses(cluster).join(', ')}).`,
  });
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // Gone by itself.
  }
}

/** The live processes of any server of this cluster. */
export function findServerProcesses(cluster: string): readonly number[] {
  return process.platform === 'linux' ? findByWorkingFolder(cluster) : findByCommandLine(cluster);
}

function findByWorkingFolder(cluster: string): readonly number[] {
  const { dev, ino } = statSync(cluster);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const folder = statSync(`/proc/${String(pid)}/cwd`);
        if (folder.dev !== dev || folder.ino !== ino) return false;
        // Someone's shell may stand in the folder too.
        return readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim() === 'postgres';
      } catch {
        // Gone meanwhile, a zombie, or another user's: not a server of ours.
        return false;
      }
    });
}

function findByCommandLine(cluster: string): readonly number[] {
  const pid = readPostmasterFile(cluster)?.pid;
  if (pid === undefined || process.platform === 'win32') return [];
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.includes('postgres') && stdout.includes(cluster) ? [pid] : [];
}
