import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { DATA_FLAG } from '../configured.ts';
import { EXIT } from '../exit-codes.ts';
import { withStore } from '../with-store.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'Write everything that is stored to a file, also while Linchpin runs',
  args: [['<file>', 'the file to write; an earlier one is replaced when the new one is complete']],
  flags: [DATA_FLAG],
  examples: [
    'linchpin backup linchpin.backup',
    'linchpin backup /backups/monday.backup --data /var/lib/linchpin',
  ],
  run: async (invocation) => {
    const file = resolve(invocation.args[0] ?? '');
    const { backup: write } = await import('../../store/backup.ts');
    const { formatBytes } = await import('../../ops/amounts.ts');
    const { tables, bytes } = await withStore(invocation, 'look', ({ store }) => write(store, file));
    const { output } = invocation;
    output.json({ file, tables, bytes });
    output.line(`${file} holds ${String(tables)} tables in ${formatBytes(bytes)}.`);
    output.line(
      'It does not hold the master key: keep a copy of that elsewhere, secrets cannot be read without it.',
    );
    return EXIT.ok;
  },
};
