import type { Change } from '../../flows/changes.ts';
import type { Command } from '../command.ts';
import { CONFIG_FLAG, DATA_FLAG, readConfigured } from '../configured.ts';
import { formatCount } from '../../ops/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { storeLog } from '../with-store.ts';

export const apply: Command = {
  name: 'apply',
  summary: 'Bring a running or resting Linchpin in line with the configuration',
  flags: [
    CONFIG_FLAG,
    DATA_FLAG,
    { flag: '--dry-run', description: 'print what would change, change nothing' },
    { flag: '--force', description: 'drop inputs that wait for a connection or flow which is to go' },
  ],
  examples: ['linchpin apply --dry-run', 'linchpin apply --config acme.yaml'],
  run: async (invocation) => {
    const { configuration, environment, registry, dataDir } = await readConfigured(invocation);
    const { openStore } = await import('../../store/store.ts');
    const { openSealer } = await import('../../store/seal.ts');
    const { applyDefinition, planApply } = await import('../../flows/apply.ts');
    const { databaseUrl, masterKey } = environment;
    const isDryRun = invocation.flags['dryRun'] === true;
    const access = isDryRun ? 'look' : 'attach';
    const store = await openStore({ dataDir, databaseUrl, access, log: storeLog(invocation) });
    try {
      const options = {
        pool: store.pool,
        definition: configuration.definition,
        sealer: openSealer({ dataDir, masterKey, mustExist: isDryRun }),
        registry,
        force: invocation.flags['force'] === true,
      };
      const changes = isDryRun ? await planApply(options) : (await applyDefinition(options)).changes;
      invocation.output.json({ applied: !isDryRun, changes });
      print(changes, isDryRun, invocation.output);
    } finally {
      await store.close();
    }
    return EXIT.ok;
  },
};

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

function print(changes: readonly Change[], isDryRun: boolean, output: Output): void {
  for (const { kind, name, action, fields } of changes) {
    output.line(`${SIGNS[action]} ${kind} ${name}`);
    for (const { field, from, to } of fields) {
      output.line(
        field.startsWith('secrets.') ? `    ${field}: changed` : `    ${field}: ${show(from)} → ${show(to)}`,
      );
    }
  }
  const count = formatCount(changes.length, 'change');
  if (changes.length === 0) output.line('Everything is as the configuration says.');
  else output.line(isDryRun ? `${count} would be made.` : `${count} made.`);
}

function show(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value);
}
