/** What Linchpin asks of a PostgreSQL that it did not start itself, checked before anything is written. */
import type { Pool } from 'pg';
import { LinchpinError } from '../kernel/errors.ts';
import { readServerState } from './queries/server.ts';

// The oldest version that is tested.
const MAJOR_MIN = 15;

export async function assertServerFits(pool: Pool): Promise<void> {
  const { versionNumber, encoding, timeZone } = await reach(pool);
  if (versionNumber < MAJOR_MIN * 10_000) {
    throw new LinchpinError('store.server_unsuitable', {
      message: `The server is PostgreSQL ${String(Math.floor(versionNumber / 10_000))}; Linchpin needs ${String(MAJOR_MIN)} or newer.`,
    });
  }
  if (encoding !== 'UTF8') {
    throw new LinchpinError('store.server_unsuitable', {
      message: `The database is encoded in ${encoding}, which cannot hold every name; Linchpin needs UTF8.`,
    });
  }
  // Every session asks for UTC, in which times are written as text (pool.ts). An address with `options` of its own
  // overrides that, and some poolers drop it; days and due times would then be wrong by hours.
  if (timeZone !== 'UTC') {
    throw new LinchpinError('store.server_unsuitable', {
      message: `Sessions of the database have the time zone ${timeZone}, though Linchpin asks for UTC.`,
      remedy: 'Take options out of DATABASE_URL, or let the pooler in front pass start-up options on.',
    });
  }
}

async function reach(pool: Pool): Promise<Awaited<ReturnType<typeof readServerState>>> {
  try {
    return await readServerState(pool);
  } catch (cause) {
    // Node tells "every address refused" without a message, only with a code.
    const { message, code } = cause as Error & { code?: string };
    throw new LinchpinError('store.unreachable', {
      message: `The database cannot be reached: ${message === '' ? (code ?? 'no reason given') : message}.`,
      cause,
    });
  }
}
