import type { Command } from '../command.ts';
import { textFlag } from '../command.ts';
import { DATA_FLAG } from '../configured.ts';
import { readPort } from '../port-flag.ts';
import { DRAIN_FLAG, runUntilStopped } from '../run-until-stopped.ts';

export const worker: Command = {
  name: 'worker',
  summary: 'Deliver what the store holds, beside other workers, until stopped',
  flags: [
    DATA_FLAG,
    { flag: '--workspace <name>', description: 'deliver for this workspace only; for every one when absent' },
    {
      flag: '--port <n>',
      description: 'where to tell of its health and metrics; nowhere when absent; 0 takes a free one',
    },
    { flag: '--host <address>', description: 'the address to listen on (HOST, else 127.0.0.1)' },
    DRAIN_FLAG,
  ],
  examples: ['linchpin worker', 'linchpin worker --workspace acme --port 9090 --drain 60'],
  run: async (invocation) => {
    const { readEnvironment } = await import('../../ops/config/index.ts');
    const { makeLogger } = await import('../../ops/logging/logger.ts');
    const { startWorkerProcess } = await import('../../main.ts');
    const environment = readEnvironment();
    const { output } = invocation;
    const port = readPort(invocation);
    const host = textFlag(invocation, 'host') ?? environment.host;
    const workspace = textFlag(invocation, 'workspace');
    return runUntilStopped(invocation, async (onStoreLost) => {
      const running = await startWorkerProcess({
        workspace,
        dataDir: textFlag(invocation, 'data') ?? environment.dataDir,
        databaseUrl: environment.databaseUrl,
        masterKey: environment.masterKey,
        listen: port === undefined ? undefined : { host, port },
        logger: makeLogger(environment.logLevel),
        onStoreLost,
      });
      const place = running.url === undefined ? '' : `, health at ${running.url}`;
      output.line(
        `The worker delivers for ${workspace ?? 'every workspace'} (process ${String(process.pid)}${place})`,
      );
      output.json({ url: running.url, workspace, pid: process.pid });
      return running;
    });
  },
};
