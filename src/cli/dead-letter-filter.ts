/** Which dead letters a command is about: those named as arguments, narrowed by what the flags say. */
import type { OpenFilter } from '../delivery/index.ts';
import type { Workspace } from '../flows/workspace.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { DeadLetterCount } from '../store/queries/dead-letters.ts';
import type { Flag, Invocation } from './command.ts';
import { textFlag } from './command.ts';
import type { Output } from './output.ts';
import { assertFlow, getConnection } from './known-names.ts';
import { timeFlag } from './time-flag.ts';
import type { DeclaredWorkspace } from './with-workspace.ts';

export const DEAD_LETTER_FLAGS: readonly Flag[] = [
  { flag: '--connection <name>', description: 'only those of this connection' },
  { flag: '--action <id>', description: 'only those of this action, e.g. upsert-contact' },
  { flag: '--code <code>', description: 'only those with this code, e.g. hubspot.INVALID_OPTION' },
  { flag: '--type <type>', description: 'only those of events of this name, or type when they have none' },
  { flag: '--person <key>', description: 'only those of events of this person key' },
  { flag: '--since <time>', description: 'only those that died at or after this ISO time' },
  { flag: '--until <time>', description: 'only those that died before this ISO time' },
];

/** Flags of commands that change letters. */
export const CHANGE_FLAGS: readonly Flag[] = [
  { flag: '--all', description: 'every open dead letter' },
  ...DEAD_LETTER_FLAGS,
  { flag: '--yes', description: 'do it; letters chosen by flags are only counted without it' },
];

const ID = /^[1-9]\d{0,15}$/;

export function readDeadLetterId(text: string): number {
  if (ID.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new LinchpinError('cli.usage', {
    message: `${text} is not the number of a dead letter.`,
    field: 'id',
  });
}

export function readDeadLetterFilter(invocation: Invocation): OpenFilter {
  const given = {
    ids: invocation.args.length === 0 ? undefined : invocation.args.map(readDeadLetterId),
    connection: textFlag(invocation, 'connection'),
    flow: textFlag(invocation, 'flow'),
    action: textFlag(invocation, 'action'),
    code: textFlag(invocation, 'code'),
    eventType: textFlag(invocation, 'type'),
    personKey: textFlag(invocation, 'person')?.trim().toLowerCase(),
    since: timeFlag(invocation, 'since'),
    until: timeFlag(invocation, 'until'),
  };
  // Only what was given is in the filter.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Throws when the filter names what there is not. Dead letters go with their connection and flow, so none can be found. */
export function assertKnown(
  workspace: DeclaredWorkspace | Workspace,
  { connection, flow }: Pick<OpenFilter, 'connection' | 'flow'>,
): void {
  if (connection !== undefined) getConnection<{ readonly name: string }>(workspace, connection);
  if (flow !== undefined) assertFlow(workspace, flow);
}

/** The filter of a command that changes letters: refuses to act on everything by accident. */
export function readChosen(invocation: Invocation): OpenFilter {
  const filter = readDeadLetterFilter(invocation);
  if (Object.keys(filter).length > 0 || invocation.flags['all'] === true) return filter;
  throw new LinchpinError('cli.usage', {
    message: 'Nothing says which dead letters are meant.',
    remedy: 'Name their numbers, or use flags such as --connection, --code or --all.',
  });
}

/** Letters that are named are meant; those that flags choose are counted first. */
export function isDryRun({ args, flags }: Invocation): boolean {
  return args.length === 0 && flags['yes'] !== true;
}

export function printCounts(output: Output, counts: readonly DeadLetterCount[]): void {
  output.table(
    ['letters', 'code', 'connection', 'flow', 'action', 'first died', 'last died'],
    counts.map((each) => [
      String(each.count),
      each.code,
      each.connection,
      each.flow,
      each.action,
      each.firstDiedAt.toISOString(),
      each.lastDiedAt.toISOString(),
    ]),
  );
}
