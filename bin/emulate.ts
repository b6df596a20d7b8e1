/** `linchpin emulate`: the vendors' stand-ins as a command. */
import type { Command } from '../src/cli/command.ts';
import { EXIT } from '../src/cli/exit-codes.ts';
import { readPort } from '../src/cli/port-flag.ts';
import { untilStopped } from '../src/cli/until-stopped.ts';

export const emulate: Command = {
  name: 'emulate',
  summary: 'Run stand-ins of vendors on this machine',
  args: [['<vendor...>', 'one or more vendors, such as hubspot']],
  flags: [
    {
      flag: '--port <n>',
      description: 'the first port, the others follow; 0 takes free ones',
      fallback: '4010',
    },
  ],
  examples: ['linchpin emulate hubspot --port 4010', 'linchpin emulate hubspot sesamy'],
  run: async (invocation) => {
    const { startEmulators } = await import('../emulators/index.ts');
    const port = readPort(invocation) ?? 0;
    const stopped = untilStopped();
    const running = await startEmulators(invocation.args, { port });
    for (const { id, title, url } of running) {
      invocation.output.line(`${title} emulator listens on ${url}`);
      invocation.output.json({ emulator: id, url });
    }
    await stopped;
    await Promise.all(running.map((emulator) => emulator.close()));
    return EXIT.ok;
  },
};
