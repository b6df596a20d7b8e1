import { once } from 'node:events';
import type { Command } from '../command.ts';
import { textFlag } from '../command.ts';
import { CONFIG_FLAG, DATA_FLAG, readConfigured } from '../configured.ts';
import { EXIT } from '../exit-codes.ts';
import { readPort } from '../port-flag.ts';
import { untilStopped } from '../until-stopped.ts';

// Free on most machines, and not in the range that systems hand out by themselves.
const PORT_DEFAULT = 4000;

export const up: Command = {
  name: 'up',
  summary: 'Apply the configuration, then take in and deliver events until stopped',
  flags: [
    CONFIG_FLAG,
    DATA_FLAG,
    {
      flag: '--port <n>',
      description: `where to listen (PORT, else http.port, else ${String(PORT_DEFAULT)}); 0 takes a free one`,
    },
    { flag: '--host <address>', description: 'the address to listen on (HOST, else 127.0.0.1)' },
  ],
  examples: ['linchpin up', 'linchpin up --config acme.yaml --data /var/lib/linchpin --port 8080'],
  run: async (invocation) => {
    const { configuration, environment, dataDir } = await readConfigured(invocation);
    const { pino } = await import('pino');
    const { startLinchpin } = await import('../../main.ts');
    const { definition, retention, http } = configuration;
    const { output } = invocation;
    // From here on a signal is heard: one that comes while things start is obeyed once they stand.
    const stopped = untilStopped();
    const lost = new AbortController();
    const linchpin = await startLinchpin({
      definition,
      dataDir,
      databaseUrl: environment.databaseUrl,
      masterKey: environment.masterKey,
      host: textFlag(invocation, 'host') ?? environment.host,
      port: readPort(invocation) ?? environment.port ?? http.port ?? PORT_DEFAULT,
      trustProxy: http.trustProxy,
      retention,
      // Standard output is for what the command says; the log goes beside it.
      logger: pino({ level: environment.logLevel }, pino.destination({ fd: 2, sync: true })),
      onStoreLost: (error) => {
        lost.abort(error);
      },
    });
    output.line(`Linchpin listens on ${linchpin.url} (workspace ${definition.name}, data in ${dataDir})`);
    output.json({ url: linchpin.url, workspace: definition.name, pid: process.pid });
    await Promise.race([stopped, once(lost.signal, 'abort')]);
    if (!lost.signal.aborted) output.line('Stopping: what is in flight is finished first.');
    await linchpin.close();
    // Only `onStoreLost` aborts, and with the error.
    if (lost.signal.aborted) throw lost.signal.reason as Error;
    return EXIT.ok;
  },
};
