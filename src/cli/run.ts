/** The command line: finds the command, runs it, and turns what it throws into words and an exit code. */
import { Command as Commander, CommanderError } from 'commander';
import { colours } from './colours.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { readVersion } from '../ops/version.ts';
import type { Command, Flag, Invocation } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { makeOutput, processTerminal } from './output.ts';
import type { Output, Terminal } from './output.ts';
import { toUsageError } from './usage-error.ts';

const COMMON_FLAGS: readonly Flag[] = [
  { flag: '--json', description: 'print one JSON document instead of words' },
  { flag: '--debug', description: 'print the stack of an error too' },
];

const GROUPS: Readonly<Record<string, string>> = {
  connections: 'Accounts that somebody logs in to',
  connectors: 'What Linchpin can be connected to',
  'dead-letters': 'Inputs that will not be tried again by themselves',
  deliveries: 'What was sent, and what came back',
  events: 'What came in',
  flows: 'What is made of events',
  people: 'What became of a person across connections',
  replays: 'Events of the past that are sent again',
};

/** Runs one command line (without `node` and the script) and returns the exit code. */
export async function run(
  argv: readonly string[],
  commands: readonly Command[],
  terminal: Terminal = processTerminal,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = makeProgram(commands, terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    const names = commands.map(({ name }) => name);
    const told = error instanceof CommanderError ? toUsageError(error, argv, names) : error;
    explain(told, makeOutput(argv.includes('--json'), terminal), argv.includes('--debug'));
    return exitCodeOf(told);
  }
}

/** The whole command tree; separate so that help can be printed without running anything. */
export function makeProgram(
  commands: readonly Command[],
  terminal: Terminal,
  onDone: (code: ExitCode) => void,
): Commander {
  const { columns } = terminal;
  const program = new Commander('linchpin')
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      // `run` says it, in the form that was asked for.
      outputError: () => undefined,
      ...(columns === undefined ? {} : { getOutHelpWidth: () => columns }),
    })
    .description('A self-hosted customer-data hub for HubSpot.')
    .version(readVersion(), '-V, --version', 'display the version of Linchpin')
    .exitOverride()
    .addHelpText('after', `\n${exitCodeHelp()}`);
  const groups = new Map<string, Commander>();
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    if (second === undefined) {
      addCommand(program, first, command, terminal, onDone);
      continue;
    }
    const group =
      groups.get(first) ??
      program
        .command(first)
        .description(GROUPS[first] ?? '')
        .exitOverride();
    groups.set(first, group);
    addCommand(group, second, command, terminal, onDone);
  }
  return program;
}

function addCommand(
  parent: Commander,
  name: string,
  command: Command,
  terminal: Terminal,
  onDone: (code: ExitCode) => void,
): void {
  const built = parent.command(name).description(command.summary).exitOverride();
  for (const [argument, description] of command.args ?? []) built.argument(argument, description);
  for (const { flag, description, fallback } of [...(command.flags ?? []), ...COMMON_FLAGS]) {
    built.option(flag, description, fallback);
  }
  built.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  $ ${line}`).join('\n')}`);
  built.action(async (...call: unknown[]) => {
    // commander calls with the arguments, then the options, then itself.
    const args = call
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === 'string');
    const flags = built.opts<Invocation['flags']>();
    onDone(await command.run({ args, flags, output: makeOutput(flags['json'] === true, terminal) }));
  });
}

function explain(error: unknown, output: Output, isDebug: boolean): void {
  if (!(error instanceof LinchpinError)) {
    output.remark(
      `${colours.red('Unexpected error')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    output.json({
      error: { code: 'internal', message: error instanceof Error ? error.message : String(error) },
    });
    return;
  }
  const { code, message, field, remedy } = error;
  output.json({ error: { code, message, field, remedy, ...problemsOf(error) } });
  output.remark(`${colours.red(error.title)} (${code})`);
  output.remark(message);
  output.remark(`${colours.bold('What to do:')} ${remedy}`);
  output.remark(colours.dim(`More: docs/errors/${code}.md`));
  if (isDebug) output.remark(error.stack ?? '');
}

/** A configuration error lists each of its problems with its place. */
function problemsOf(error: LinchpinError): { readonly problems?: unknown } {
  return 'problems' in error ? { problems: error.problems } : {};
}

/** Errors of the configuration and of the surroundings have exit codes of their own, for scripts. */
function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof LinchpinError)) return EXIT.failed;
  if (error.code === 'cli.usage' || error.code === 'emulators.unknown') return EXIT.usage;
  if (error.code.startsWith('config.')) return EXIT.configuration;
  return OF_SURROUNDINGS.some((each) => error.code.startsWith(each)) ? EXIT.environment : EXIT.failed;
}

/** Areas of the catalogue, and single codes of others. */
const OF_SURROUNDINGS = ['store.', 'emulators.', 'http.cannot_listen', 'login.port_taken'] as const;

function exitCodeHelp(): string {
  return 'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong configuration, 4 wrong surroundings, 5 a check failed, 130 ended by a second signal.';
}
