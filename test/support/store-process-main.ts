/** Holds the store of a data folder open until it is told to stop: a Linchpin that can be killed. */
import { openStore } from '../../src/store/store.ts';

const [dataDir = '', access = 'own'] = process.argv.slice(2);

const store = await openStore({
  dataDir,
  access: access === 'attach' ? 'attach' : 'own',
  log: {
    info: (_fields, message) => process.stderr.write(`${message}\n`),
    warn: (_fields, message) => process.stderr.write(`${message}\n`),
    error: (_fields, message) => process.stderr.write(`${message}\n`),
  },
});
process.stdout.write(
  `${JSON.stringify({ url: store.connectionString.reveal(), serverPids: store.pgProcessIds?.() ?? [] })}\n`,
);
process.once('SIGTERM', () => void store.close());
