/** The `linchpin` program: the commands of `src`, and those that need the emulators, which `src` never sees. */
import { demo } from '../demo/cli-command.ts';
import { emulate } from '../emulators/cli-command.ts';
import { commands } from '../src/cli/commands/index.ts';
import { run } from '../src/cli/run.ts';

process.exitCode = await run(process.argv.slice(2), [demo, ...commands, emulate]);
