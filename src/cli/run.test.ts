import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LinchpinError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/error-codes.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { run } from './run.ts';

interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

async function ran(argv: readonly string[], commands: readonly Command[]): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await run(argv, commands, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    columns: 80,
  });
  return { code, out, err };
}

/** A command that reports what it was given, or does what the test says. */
function aCommand(does: Command['run'] = echo): Command {
  return {
    name: 'sample run',
    summary: 'Does what the test says',
    args: [['[things...]', 'what to do it to']],
    flags: [
      { flag: '--dry-run', description: 'do nothing' },
      { flag: '--limit <n>', description: 'how many', fallback: '7' },
    ],
    examples: ['linchpin sample run one two'],
    run: does,
  };
}

const echo: Command['run'] = ({ args, flags, output }) => {
  output.json({ args, flags });
  output.line(`words: ${args.join(' ')}`);
  output.table(['a', 'b'], [['1', '2']]);
  return Promise.resolve(EXIT.ok);
};

test('a command is given its arguments and its flags by camel-case names', async () => {
  const { code, out } = await ran(['sample', 'run', 'one', 'two', '--dry-run', '--json'], [aCommand()]);
  expect(code).toBe(EXIT.ok);
  expect(JSON.parse(out)).toEqual({ args: ['one', 'two'], flags: { dryRun: true, limit: '7', json: true } });
});

test('without --json there are words and no JSON', async () => {
  const { out } = await ran(['sample', 'run', 'one'], [aCommand()]);
  expect(out).toContain('words: one\n');
  expect(out).toMatch(/a +b/);
  expect(out).not.toContain('{');
});

test.each<readonly [ErrorCode, ExitCode]>([
  ['cli.usage', EXIT.usage],
  ['emulators.unknown', EXIT.usage],
  ['config.unknown_key', EXIT.configuration],
  ['config.environment_invalid', EXIT.configuration],
  ['store.unreachable', EXIT.environment],
  ['emulators.port_taken', EXIT.environment],
  ['http.cannot_listen', EXIT.environment],
  ['login.port_taken', EXIT.environment],
  ['cli.not_found', EXIT.failed],
])('an error %s ends with exit code %i, its remedy and its page', async (code, exitCode) => {
  const command = aCommand(() => {
    throw new LinchpinError(code, { message: 'What happened.', field: 'where', remedy: 'What helps.' });
  });
  const words = await ran(['sample', 'run'], [command]);
  expect(words).toMatchObject({ code: exitCode, out: '' });
  expect(words.err).toContain('What happened.');
  expect(words.err).toContain('What helps.');
  expect(words.err).toContain(`docs/errors/${code}.md`);
  expect(words.err).not.toContain('run.test.ts');

  const json = await ran(['sample', 'run', '--json'], [command]);
  expect(json.code).toBe(exitCode);
  expect(JSON.parse(json.out)).toEqual({
    error: { code, message: 'What happened.', field: 'where', remedy: 'What helps.' },
  });
});

test('the stack of an error is shown with --debug only', async () => {
  const command = aCommand(() => {
    throw new LinchpinError('cli.not_found', { message: 'What happened.' });
  });
  expect((await ran(['sample', 'run', '--debug'], [command])).err).toContain('run.test.ts');
});

test('an unexpected error is failure, with its stack', async () => {
  const command = aCommand(() => Promise.reject(new TypeError('a bug')));
  const { code, out, err } = await ran(['sample', 'run', '--json'], [command]);
  expect(code).toBe(EXIT.failed);
  expect(JSON.parse(out)).toMatchObject({ error: { message: 'a bug' } });
  expect(err).toContain('run.test.ts');
});

test.each([
  [['nonsense'], /unknown command 'nonsense'/],
  [['sample', 'rum'], /unknown command 'rum'[\s\S]*Did you mean run\?/],
  [['sample', 'run', '--nonsense'], /unknown option '--nonsense'/],
  [['sample', 'run', '--limit'], /argument missing/],
])('%j is wrong usage and says so', async (argv, message) => {
  const { code, out, err } = await ran(argv, [aCommand()]);
  expect(code).toBe(EXIT.usage);
  expect(out).toBe('');
  expect(err).toMatch(message);
  const json = await ran([...argv.slice(0, 2), '--json', ...argv.slice(2)], [aCommand()]);
  expect(json.code).toBe(EXIT.usage);
  expect(JSON.parse(json.out)).toMatchObject({
    error: { code: 'cli.usage', message: expect.stringMatching(message) },
  });
});

test('a group without a command shows what there is, and is wrong usage', async () => {
  const { code, err } = await ran(['sample'], [aCommand()]);
  expect(code).toBe(EXIT.usage);
  expect(err).toMatch(/Does what the test says[\s\S]*A command is missing/);
});

test('a command of another group that is called alike is what was meant', async () => {
  const { err } = await ran(['simple', 'run'], [aCommand()]);
  expect(err).toContain('Did you mean linchpin sample run?');
});

test('--version prints the version that package.json says', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  expect(await ran(['--version'], [aCommand()])).toMatchObject({ code: EXIT.ok, out: `${version}\n` });
});

test('help is no failure and shows options, examples and exit codes', async () => {
  const command = await ran(['sample', 'run', '--help'], [aCommand()]);
  expect(command.code).toBe(EXIT.ok);
  expect(command.out).toMatchInlineSnapshot(`
    "Usage: linchpin sample run [options] [things...]

    Does what the test says

    Arguments:
      things       what to do it to

    Options:
      --dry-run    do nothing
      --limit <n>  how many (default: "7")
      --json       print one JSON document instead of words
      --debug      print the stack of an error too
      -h, --help   display help for command

    Examples:
      $ linchpin sample run one two
    "
  `);
  expect((await ran(['--help'], [aCommand()])).out).toContain('Exit codes:');
});
