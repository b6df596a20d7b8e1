import { LinchpinError } from '../kernel/errors.ts';
import type { Flag, Invocation } from './command.ts';
import { textFlag } from './command.ts';

// A list longer than this is for a query, not for a terminal.
const LIMIT_MAX = 10_000;

export function limitFlag(fallback: number): Flag {
  return { flag: '--limit <n>', description: 'how many at the most', fallback: String(fallback) };
}

export function readLimit(invocation: Invocation): number {
  const limit = Number(textFlag(invocation, 'limit'));
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new LinchpinError('cli.usage', {
    message: `The limit is not a whole number from 1 to ${String(LIMIT_MAX)}.`,
    field: '--limit',
  });
}
