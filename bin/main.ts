/** The `linchpin` program. */
import { run } from '../src/cli/run.ts';
import { allCommands } from './commands.ts';

// `linchpin events tail | head`: whoever read has seen enough, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), allCommands);
