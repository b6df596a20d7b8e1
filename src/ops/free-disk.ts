/**
 * Watches the disk of the embedded PostgreSQL. A database whose disk is full stops in the middle of what it is doing;
 * so events are refused before, while what is in the log is still delivered and recorded.
 */
import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { formatBytes } from './amounts.ts';

const MB = 1024 ** 2;

// PostgreSQL makes its write-ahead log in files of 16 MB, and recording deliveries goes on while ingest rests: room
// for thirty such files. Well below the bound at which `doctor` asks for action.
export const FREE_BYTES_MIN = 512 * MB;

// Taking in begins again a little higher, so that it does not change with every file that comes and goes.
export const FREE_BYTES_AGAIN = 640 * MB;

// A full ingest writes some 150 MB/s (65,000 events/s of 1 kB with their log): checked this often, it stops in time.
const EVERY_MS = 2_000;

export interface FreeDiskParts {
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Free bytes of the disk that holds a folder; asks the system when absent. */
  readonly measure?: (folder: string) => Promise<number>;
}

export interface FreeDisk {
  /** As last measured; undefined before that. */
  readonly freeBytes: number | undefined;
  /** Why nothing may be written just now, if so. */
  refusal(): LinchpinError | undefined;
  /** Resolves when no look is under way any more. */
  close(): Promise<void>;
}

/** Starts watching; resolves after the first look. */
export async function watchFreeDisk(parts: FreeDiskParts): Promise<FreeDisk> {
  const { folder, clock, logger, measure = measureFree } = parts;
  const stop = new AbortController();
  let freeBytes: number | undefined;
  let isFull = false;

  const look = async (): Promise<void> => {
    try {
      freeBytes = await measure(folder);
    } catch (error) {
      // A folder that cannot be looked at is no full disk; PostgreSQL will say what is wrong with it.
      logger.error({ err: error }, 'disk.unreadable');
      return;
    }
    const wasFull = isFull;
    isFull = freeBytes < (wasFull ? FREE_BYTES_AGAIN : FREE_BYTES_MIN);
    if (isFull && !wasFull) logger.error({ freeBytes, folder }, 'disk.full');
    if (!isFull && wasFull) logger.info({ freeBytes, folder }, 'disk.has_room');
  };
  await look();
  const looks = (async () => {
    for (;;) {
      await clock.sleep(EVERY_MS, stop.signal);
      if (stop.signal.aborted) return;
      await look();
    }
  })();
  return {
    get freeBytes() {
      return freeBytes;
    },
    refusal: () =>
      isFull
        ? new LinchpinError('ingest.disk_full', {
            message: `Only ${formatBytes(freeBytes ?? 0)} of disk are free.`,
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          })
        : undefined,
    close: () => {
      stop.abort();
      return looks;
    },
  };
}

// Somebody has to make room; asking more often would not hasten that.
const RETRY_AFTER_SECONDS = 30;

async function measureFree(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
