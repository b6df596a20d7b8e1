import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

// What PostgreSQL adds to an error is about the statement, but these quote rows (postgresql.org/docs/18,
// protocol-error-fields): the failing row of a constraint is an input, and an input is a person.
const QUOTES_ROWS = ['detail', 'where', 'internalQuery', 'hint'];

/** The log of a process: JSON lines, to standard error unless told otherwise; standard output is for what commands say. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, serializers: { err: serialiseError } },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

function serialiseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { raw: _raw, ...fields } = pino.stdSerializers.err(error);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !QUOTES_ROWS.includes(name)));
}
