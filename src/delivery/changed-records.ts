/** How a process that heard of changed records tells those that remember them: a line for each, in a signal. */
import type { ChangedRecord } from '../kit/index.ts';

const SEPARATOR = '\t';

export interface ChangedAt {
  /** The name of the connection. */
  readonly connection: string;
  readonly record: ChangedRecord;
}

export function toLine({ connection, record }: ChangedAt): string {
  return [connection, record.type, record.id].join(SEPARATOR);
}

/** `undefined` for a line without a record: signals were missed, and any record of any connection may have changed. */
export function parseLine(line: string): ChangedAt | undefined {
  const [connection, type, id] = line.split(SEPARATOR);
  if (connection === undefined || type === undefined || id === undefined) return undefined;
  return { connection, record: { type, id } };
}
