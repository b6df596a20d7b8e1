import { LinchpinError } from '../kernel/errors.ts';
import type { Invocation } from './command.ts';
import { textFlag } from './command.ts';

const PORT_MAX = 65_535;

/** The value of `--port`; `undefined` when it was not given. */
export function readPort(invocation: Invocation): number | undefined {
  const text = textFlag(invocation, 'port');
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= PORT_MAX) return port;
  throw new LinchpinError('cli.usage', {
    message: `${text} is not a port from 0 to ${String(PORT_MAX)}.`,
    field: '--port',
  });
}
