/** Linchpin as `linchpin up` composes it, with the connector of the benchmarks, on a PostgreSQL that is there. */
import { pino } from 'pino';
import { connectors } from '../../../src/connectors/registry.ts';
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
  connectors: [...connectors, benchConnector],
});
process.send?.({ url: linchpin.url });
// Calls to a vendor that takes its time are not worth waiting for at the end of a run.
const DRAIN_MS = 2_000;
process.once('disconnect', () => {
  void linchpin.close(DRAIN_MS).then(() => process.exit());
});
