import type { Role } from '../../main.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Command, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import { CONFIG_FLAG, DATA_FLAG, readConfigured } from '../configured.ts';
import { readPort } from '../port-flag.ts';
import { DRAIN_FLAG, runUntilStopped } from '../run-until-stopped.ts';

// Free on most machines, and not in the range that systems hand out by themselves.
const PORT_DEFAULT = 4000;

const ROLES = ['ingest', 'worker', 'all'] as const satisfies readonly Role[];

export const up: Command = {
  name: 'up',
  summary: 'Apply the configuration, then take in and deliver events until stopped',
  flags: [
    CONFIG_FLAG,
    DATA_FLAG,
    {
      flag: '--role <role>',
      description:
        'what this process does: ingest takes events in, worker delivers them, all does both (all)',
    },
    {
      flag: '--port <n>',
      description: `where to listen (PORT, else http.port, else ${String(PORT_DEFAULT)}); 0 takes a free one`,
    },
    { flag: '--host <address>', description: 'the address to listen on (HOST, else 127.0.0.1)' },
    DRAIN_FLAG,
  ],
  examples: [
    'linchpin up',
    'linchpin up --config acme.yaml --data /var/lib/linchpin --port 8080',
    'linchpin up --role ingest',
  ],
  run: async (invocation) => {
    const role = readRole(invocation);
    const { configuration, environment, dataDir } = await readConfigured(invocation);
    const { makeLogger } = await import('../../ops/logging/logger.ts');
    const { startLinchpin } = await import('../../main.ts');
    const { definition, retention, http } = configuration;
    const { output } = invocation;
    return runUntilStopped(invocation, async (onStoreLost) => {
      const linchpin = await startLinchpin({
        definition,
        role,
        dataDir,
        databaseUrl: environment.databaseUrl,
        masterKey: environment.masterKey,
        apiToken: environment.apiToken,
        host: textFlag(invocation, 'host') ?? environment.host,
        port: readPort(invocation) ?? environment.port ?? http.port ?? PORT_DEFAULT,
        trustProxy: http.trustProxy,
        retention,
        // Standard output is for what the command says; the log goes beside it.
        logger: makeLogger(environment.logLevel),
        onStoreLost,
      });
      output.line(`Linchpin listens on ${linchpin.url} (workspace ${definition.name}, data in ${dataDir})`);
      const { apiTokenFile } = linchpin;
      output.line(
        `Management API under ${linchpin.url}/api, token in ${apiTokenFile ?? 'LINCHPIN_API_TOKEN'}`,
      );
      output.json({ url: linchpin.url, apiTokenFile, workspace: definition.name, pid: process.pid });
      return linchpin;
    });
  },
};

function readRole(invocation: Invocation): Role {
  const text = textFlag(invocation, 'role') ?? 'all';
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  throw new LinchpinError('cli.usage', {
    message: `${text} is no role: use ${ROLES.join(', ')}.`,
    field: '--role',
  });
}
