import { colours } from '../colours.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Finding } from '../../ops/doctor.ts';
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
    const findings = await withStore(invocation, 'attach', ({ store, dataDir }) =>
      examine({ store, dataDir, clock: systemClock }),
    );
    const isWell = findings.every(({ level }) => level !== 'act');
    const { output } = invocation;
    output.json({ ok: isWell, findings });
    for (const finding of findings) {
      output.line(`${SIGNS[finding.level]} ${colours.bold(finding.topic)}: ${finding.text}`);
      if (finding.remedy !== undefined) output.line(`  ${finding.remedy}`);
    }
    return isWell ? EXIT.ok : EXIT.checkFailed;
  },
};

const SIGNS: Readonly<Record<Finding['level'], string>> = {
  fine: colours.green('✓'),
  look: colours.yellow('!'),
  act: colours.red('✗'),
};
