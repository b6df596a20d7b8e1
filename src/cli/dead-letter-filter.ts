import type { DeadLetterFilter } from '../store/queries/dead-letters.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { Flag, Invocation } from './command.ts';
import { textFlag } from './command.ts';
import { limitFlag, readLimit } from './limit-flag.ts';

export const DEAD_LETTER_FLAGS: readonly Flag[] = [
  { flag: '--connection <name>', description: 'only those of this connection' },
  { flag: '--flow <name>', description: 'only those of this flow' },
  limitFlag(100),
];

/** Open dead letters: those named as arguments, else those that the flags select. */
export function readDeadLetterFilter(invocation: Invocation): DeadLetterFilter {
  const ids = invocation.args.map((text) => {
    const id = Number(text);
    if (Number.isSafeInteger(id) && id > 0) return id;
    throw new LinchpinError('cli.usage', {
      message: `${text} is not the number of a dead letter.`,
      field: 'id',
    });
  });
  const connection = textFlag(invocation, 'connection');
  const flow = textFlag(invocation, 'flow');
  return {
    status: 'open',
    limit: readLimit(invocation),
    ...(ids.length === 0 ? {} : { ids }),
    ...(connection === undefined ? {} : { connection }),
    ...(flow === undefined ? {} : { flow }),
  };
}

/** Refuses to act on everything by accident. */
export function assertChosen(invocation: Invocation): void {
  const isChosen =
    invocation.args.length > 0 ||
    textFlag(invocation, 'connection') !== undefined ||
    textFlag(invocation, 'flow') !== undefined ||
    invocation.flags['all'] === true;
  if (isChosen) return;
  throw new LinchpinError('cli.usage', {
    message: 'Nothing says which dead letters are meant.',
    remedy: 'Name their numbers, or use --connection, --flow or --all.',
  });
}
