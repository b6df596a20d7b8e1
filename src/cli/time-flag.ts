import { LinchpinError } from '../kernel/errors.ts';
import type { Invocation } from './command.ts';
import { textFlag } from './command.ts';

/** A flag that holds a time, as ISO text in UTC; `undefined` when it was not given. */
export function timeFlag(invocation: Invocation, flag: string): string | undefined {
  const text = textFlag(invocation, flag);
  if (text === undefined) return undefined;
  const timeMs = Date.parse(text);
  if (!Number.isNaN(timeMs)) return new Date(timeMs).toISOString();
  throw new LinchpinError('cli.usage', {
    message: `${text} is not a time.`,
    field: `--${flag}`,
    remedy: 'Write it as 2026-11-20T08:00:00Z.',
  });
}
