/** Linchpin as `linchpin up` composes it, with the connector of the benchmarks, on a PostgreSQL that is there. */
import { pino } from 'pino';
import { startLinchpin } from '../../../src/main.ts';
import { Redacted } from '../../../src/kernel/redacted.ts';
import { benchConnector } from '../bench-connector.ts';
import type { LinchpinArguments } from '../bench-process.ts';

const { definition, dataDir, databaseUrl, role } = JSON.parse(process.argv[2] ?? '') as LinchpinArguments;

const linchpin = await startLinchpin({
  definition,
  dataDir,
  databaseUrl: new Redacted(databaseUrl),
  masterKey: undefined,
  host: '127.0.0.1',
  port: 0,
  trustProxy: false,
  retention: { events: 30, attempts: 30, rejected: 30 },
  logger: pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true })),
  role,
  connectors: [benchConnector],
});
process.send?.({ url: linchpin.url });
process.once('disconnect', () => {
  void linchpin.close().then(() => process.exit());
});
