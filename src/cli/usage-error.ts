/** What commander says of a wrong command line, as an error of the catalogue: in words, and as a document with --json. */
import type { CommanderError } from 'commander';
import { LinchpinError } from '../kernel/errors.ts';
import { suggest } from '../kernel/suggest.ts';

/** `names` are the commands that there are, as they are typed. */
export function toUsageError(
  error: CommanderError,
  argv: readonly string[],
  names: readonly string[],
): LinchpinError {
  const guess = guessCommand(error, argv, names);
  return new LinchpinError('cli.usage', {
    message: isHelp(error)
      ? 'A command is missing.'
      : `The command line cannot be read: ${error.message.replace(/^error: /, '').replace('\n', ' ')}`,
    ...(guess === undefined ? {} : { remedy: `Did you mean linchpin ${guess}?` }),
  });
}

/** Nothing to run was named: commander has printed what there is. */
function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.help';
}

/** Commander looks within one group only, so it never finds that `connections test` is meant for `connectors test`. */
function guessCommand(
  { code }: CommanderError,
  argv: readonly string[],
  names: readonly string[],
): string | undefined {
  if (code !== 'commander.unknownCommand') return undefined;
  const typed = argv.filter((word) => !word.startsWith('-')).slice(0, 2);
  return suggest(typed.join(' '), names);
}
