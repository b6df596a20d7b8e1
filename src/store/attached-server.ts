/**
 * Watches, for a process that uses the embedded server of another, whether that server is still the one of the data
 * folder. After the other process was started again PostgreSQL listens on another port, where nothing of this process
 * would ever find it.
 */
import { systemClock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { Redacted } from '../kernel/redacted.ts';
import type { DataFolder } from './data-folder.ts';
import { findRunningServer } from './embedded/embedded-server.ts';

// Reads two small files each time.
const EVERY_MS = 2_000;

/** Calls `onLost` once, when another server runs in the folder. One that is merely away may come back. */
export async function watchAttachedServer(
  folder: DataFolder,
  connectionString: Redacted,
  onLost: (error: LinchpinError) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await systemClock.sleep(EVERY_MS, signal);
    if (signal.aborted) return;
    const running = findServer(folder);
    if (running === undefined || running.reveal() === connectionString.reveal()) continue;
    onLost(
      new LinchpinError('store.server_moved', {
        message: `Another PostgreSQL runs for ${folder.path} than the one that this process uses.`,
      }),
    );
    return;
  }
}

function findServer(folder: DataFolder): Redacted | undefined {
  try {
    return findRunningServer(folder);
  } catch {
    // Its files are being written anew: the next look finds them whole.
    return undefined;
  }
}
