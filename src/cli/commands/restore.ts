import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { DATA_FLAG } from '../configured.ts';
import { EXIT } from '../exit-codes.ts';
import { withStore } from '../with-store.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'Fill an empty store from a backup; Linchpin must not be running',
  args: [['<file>', 'a file that linchpin backup wrote']],
  flags: [DATA_FLAG],
  examples: ['linchpin restore linchpin.backup --data ./restored'],
  run: async (invocation) => {
    const file = resolve(invocation.args[0] ?? '');
    const { assertBackup, restore: read } = await import('../../store/backup.ts');
    // Before anything is made in the data folder: the name of the file is easily mistyped.
    await assertBackup(file);
    const { tables } = await withStore(invocation, 'own', ({ store }) => read(store, file));
    const { output } = invocation;
    output.json({ file, tables });
    output.line(`${String(tables)} tables are as they were in ${file}.`);
    output.line('Start Linchpin with the master key that was in use then.');
    return EXIT.ok;
  },
};
