/** `linchpin emulate`: the vendors' stand-ins as a command. */
import { textFlag } from '../src/cli/command.ts';
import type { Command, Invocation } from '../src/cli/command.ts';
import { EXIT } from '../src/cli/exit-codes.ts';
import type { ExitCode } from '../src/cli/exit-codes.ts';
import { readPort } from '../src/cli/port-flag.ts';
import { untilStopped } from '../src/cli/until-stopped.ts';
import { LinchpinError } from '../src/kernel/errors.ts';

export const emulate: Command = {
  name: 'emulate',
  summary: 'Run stand-ins of vendors on this machine',
  args: [['<vendor...>', 'one or more vendors, such as hubspot, or all']],
  flags: [
    {
      flag: '--port <n>',
      description: 'the first port, the others follow; 0 takes free ones',
      fallback: '4010',
    },
    { flag: '--seed <file>', description: 'load accounts and records from a YAML or JSON file' },
    {
      flag: '--record <file>',
      description:
        'instead of emulating, pass calls on to the real vendor and write them to the file, without secrets; LINCHPIN_RECORD_TOKEN is sent in place of the caller’s token',
    },
    { flag: '--upstream <url>', description: 'where --record passes calls on to' },
    {
      flag: '--replay <file>',
      description: 'make the calls of a recording and print where the emulator answers differently',
    },
  ],
  examples: [
    'linchpin emulate hubspot --port 4010',
    'linchpin emulate hubspot sesamy',
    'linchpin emulate all',
    'linchpin emulate hubspot --seed portals.yaml',
    'linchpin emulate hubspot --record calls.jsonl',
    'linchpin emulate hubspot --replay calls.jsonl --seed portals.yaml',
  ],
  run: (invocation) => {
    const modes = ['seed', 'record', 'replay'].filter((name) => textFlag(invocation, name) !== undefined);
    const isOne = invocation.args.length === 1 && invocation.args[0] !== 'all';
    if (modes.length > 0 && !isOne) {
      throw new LinchpinError('cli.usage', {
        message: `--${String(modes[0])} is for one vendor at a time.`,
        field: `--${String(modes[0])}`,
      });
    }
    if (modes.includes('record') && modes.length > 1) {
      throw new LinchpinError('cli.usage', {
        message: '--record runs no emulator: it goes with neither --seed nor --replay.',
        field: '--record',
      });
    }
    if (modes.includes('record')) return record(invocation);
    return modes.includes('replay') ? compare(invocation) : serve(invocation);
  },
};

async function serve(invocation: Invocation): Promise<ExitCode> {
  const { seedFromFile, startEmulators } = await import('../emulators/index.ts');
  const stopped = untilStopped();
  const running = await startEmulators(invocation.args, { port: readPort(invocation) ?? 0 });
  try {
    const seed = textFlag(invocation, 'seed');
    const [first] = running;
    if (seed !== undefined && first !== undefined) await seedFromFile(first, seed);
    for (const { id, title, url } of running) {
      invocation.output.line(`${title} emulator listens on ${url}`);
      invocation.output.json({ emulator: id, url });
    }
    await stopped;
  } finally {
    await Promise.all(running.map((emulator) => emulator.close()));
  }
  return EXIT.ok;
}

async function record(invocation: Invocation): Promise<ExitCode> {
  const { getRecordable, startRecorder } = await import('../emulators/index.ts');
  const { systemClock } = await import('../src/kernel/clock.ts');
  const file = textFlag(invocation, 'record') ?? '';
  const upstream = textFlag(invocation, 'upstream') ?? getRecordable(invocation.args[0] ?? '').upstream;
  const stopped = untilStopped();
  const recorder = await startRecorder({
    upstream,
    file,
    // Read here and not by the configuration: no other command has a use for it.
    token: process.env['LINCHPIN_RECORD_TOKEN'],
    port: readPort(invocation) ?? 0,
    clock: systemClock,
  });
  invocation.output.line(`Calls of ${recorder.url} go to ${upstream} and are written to ${file}`);
  invocation.output.json({ url: recorder.url, upstream, file });
  await stopped;
  await recorder.close();
  invocation.output.line(`${recorder.count} calls recorded`);
  return EXIT.ok;
}

async function compare(invocation: Invocation): Promise<ExitCode> {
  const { isDifferent, replayFile } = await import('../emulators/index.ts');
  const { output } = invocation;
  const seed = textFlag(invocation, 'seed');
  let [calls, different] = [0, 0];
  for await (const comparison of replayFile(invocation.args[0] ?? '', {
    file: textFlag(invocation, 'replay') ?? '',
    ...(seed === undefined ? {} : { seed }),
  })) {
    calls += 1;
    if (!isDifferent(comparison)) continue;
    different += 1;
    const { line, call, recordedStatus, emulatedStatus, differences } = comparison;
    output.line(
      `${line}. ${call}: ${recordedStatus}${recordedStatus === emulatedStatus ? '' : `, the emulator ${emulatedStatus}`}`,
    );
    for (const { path, recorded, emulated } of differences) {
      output.line(`     ${path === '' ? 'the body' : path}: ${recorded}, the emulator ${emulated}`);
    }
    output.json(comparison);
  }
  output.line(`${calls} calls compared, ${different} answered differently`);
  return different === 0 ? EXIT.ok : EXIT.checkFailed;
}
