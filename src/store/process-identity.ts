/**
 * Tells a process from a later one that was given the same pid: by when it started. A zombie counts as
 * gone, because it holds nothing any more.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A mark that no other process with this pid ever has, or undefined when no such process lives. */
export function findStartMark(pid: number): string | undefined {
  return process.platform === 'linux' ? findOnLinux(pid) : findElsewhere(pid);
}

function findOnLinux(pid: number): string | undefined {
  const stat = readProcStat(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  // Start times count from the boot, so after a reboot the same pid could meet the same one.
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${stat.startTicks}`;
}

function readProcStat(pid: number): { state: string; startTicks: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch {
    // No such process: that is the answer.
    return undefined;
  }
  // The program's name may hold spaces and parentheses; the fields after it may not. Of those, the first is
  // the state and the twentieth the start (man 5 proc_pid_stat, fields 3 and 22).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}

function findElsewhere(pid: number): string | undefined {
  if (process.platform === 'win32') return isSignalable(pid) ? 'unknown' : undefined;
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [state = '', ...started] = stdout.trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
}

/** Windows has no cheap start time; there a pid that was given again keeps a lock until that process ends. */
function isSignalable(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // No such process: that is the answer.
    return false;
  }
}
