import { colours } from '../colours.ts';
import { systemClock } from '../../kernel/clock.ts';
import { formatBytes } from '../../ops/amounts.ts';
import type { Finding } from '../../ops/finding.ts';
import type { Command } from '../command.ts';
import { DATA_FLAG } from '../configured.ts';
import { EXIT } from '../exit-codes.ts';
import { withStore } from '../with-store.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Look everything over: database, partitions, readers, what is stuck, the disk',
  flags: [DATA_FLAG],
  examples: ['linchpin doctor', 'linchpin doctor --json'],
  run: async (invocation) => {
    const { examine } = await import('../../ops/doctor.ts');
    const { findings, days } = await withStore(invocation, 'look', ({ store, dataDir }) =>
      examine({ store, dataDir, clock: systemClock }),
    );
    const isWell = findings.every(({ level }) => level !== 'act');
    const { output } = invocation;
    output.json({ ok: isWell, findings, days });
    for (const finding of findings) {
      output.line(`${SIGNS[finding.level]} ${colours.bold(finding.topic)}: ${finding.text}`);
      if (finding.remedy !== undefined) output.line(`  ${finding.remedy}`);
    }
    if (days.length > 0) {
      output.line();
      output.table(
        ['day', 'events', 'attempts', 'duplicates', 'rejected', 'needed by'],
        days.map(({ day, bytes, neededBy }) => [
          day,
          formatBytes(bytes.events),
          formatBytes(bytes.attempts),
          formatBytes(bytes.duplicates),
          formatBytes(bytes.rejected_events),
          neededBy ?? '',
        ]),
      );
    }
    return isWell ? EXIT.ok : EXIT.checkFailed;
  },
};

const SIGNS: Readonly<Record<Finding['level'], string>> = {
  fine: colours.green('✓'),
  look: colours.yellow('!'),
  act: colours.red('✗'),
};
