/**
 * The form of a backup: one gzip stream of records, each a line of JSON. A `rows` record is followed by that
 * many bytes of PostgreSQL's text form, so rows are never searched for where they end. The last record says
 * that nothing is missing.
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { LinchpinError } from '../kernel/errors.ts';
import type { SequenceState, StoredTable } from './queries/backup.ts';

export const BACKUP_FORMAT = 'linchpin-backup-1';

export type BackupRecord =
  | {
      readonly kind: 'header';
      readonly format: typeof BACKUP_FORMAT;
      /** The number of the last migration, and the checksum of it and all before. */
      readonly migration: number;
      readonly schema: string;
      readonly createdAt: string;
    }
  | ({ readonly kind: 'table' } & StoredTable)
  | { readonly kind: 'rows'; readonly bytes: number }
  | { readonly kind: 'sequences'; readonly sequences: readonly SequenceState[] }
  | { readonly kind: 'end' };

export interface BackupPart {
  readonly record: BackupRecord;
  /** The bytes behind a `rows` record; empty otherwise. */
  readonly data: Buffer;
}

export function toLine(record: BackupRecord): string {
  return `${JSON.stringify(record)}\n`;
}

// Records are short, and chunks of rows come as PostgreSQL sends them, 64 kB and seldom more. A file that
// asks for more than this is none of ours.
const PART_BYTES_MAX = 1024 ** 3;

/** The parts of a backup file in order; throws when it is not one or ends before its end. */
export async function* readBackup(path: string): AsyncGenerator<BackupPart> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  // `pipe` passes no errors on, and the reader below listens to the second stream only.
  source.on('error', (error) => gunzip.destroy(error));
  let buffered: Buffer = Buffer.alloc(0);
  let hasEnded = false;
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      for (;;) {
        const part = takePart(buffered);
        if (part === undefined) break;
        hasEnded = part.record.kind === 'end';
        buffered = buffered.subarray(part.size);
        yield part;
      }
    }
  } catch (cause) {
    if (cause instanceof LinchpinError || !isReadFailure(cause)) throw cause;
    throw unreadable(path, cause.message, cause);
  } finally {
    source.destroy();
  }
  if (!hasEnded || buffered.length > 0) throw unreadable(path, 'it ends before its end mark');
}

const NEWLINE = 10;

function takePart(buffered: Buffer): (BackupPart & { readonly size: number }) | undefined {
  const end = buffered.indexOf(NEWLINE);
  if (end === -1) {
    if (buffered.length > PART_BYTES_MAX) throw new SyntaxError('no line end where a record should be');
    return undefined;
  }
  const record = JSON.parse(buffered.subarray(0, end).toString('utf8')) as BackupRecord;
  const bytes = record.kind === 'rows' ? record.bytes : 0;
  const size = end + 1 + bytes;
  if (!Number.isSafeInteger(size) || size > PART_BYTES_MAX)
    throw new SyntaxError('a record of an impossible size');
  return buffered.length < size ? undefined : { record, data: buffered.subarray(end + 1, size), size };
}

/** Errors of the file, of gzip and of JSON; those of the database carry a SQLSTATE and are not ours to name. */
function isReadFailure(error: unknown): error is Error {
  return (
    error instanceof SyntaxError || /^(E[A-Z]+|Z_[A-Z_]+)$/.test((error as { code?: string }).code ?? '')
  );
}

export function unreadable(path: string, reason: string, cause?: unknown): LinchpinError {
  return new LinchpinError('store.backup_unreadable', {
    message: `${path} cannot be read as a backup: ${reason}.`,
    cause,
  });
}
