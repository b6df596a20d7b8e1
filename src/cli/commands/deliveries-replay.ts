import type { EventFilter } from '../../store/queries/events.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Command, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { getConnection, WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const deliveriesReplay: Command = {
  name: 'deliveries replay',
  summary: 'Map events of the past anew and send them to a connection again',
  args: [['<connection>', 'where to send them']],
  flags: [
    { flag: '--event <id>', description: 'only this event' },
    { flag: '--since <time>', description: 'only events received at or after this ISO time' },
    { flag: '--until <time>', description: 'only events received before this ISO time' },
    { flag: '--type <type>', description: 'only events of this type, e.g. identify' },
    { flag: '--name <name>', description: 'only events of this name' },
    { flag: '--person <key>', description: 'only events of this person key' },
    { flag: '--flow <name>', description: 'only through this flow' },
    { flag: '--dry-run', description: 'count and show samples, send nothing' },
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin deliveries replay hubspot --since 2026-11-20T00:00:00Z --dry-run',
    'linchpin deliveries replay hubspot --event evt_1',
  ],
  run: async (invocation) => {
    const [name = ''] = invocation.args;
    const filter = readFilter(invocation);
    const flow = textFlag(invocation, 'flow');
    const isDryRun = invocation.flags['dryRun'] === true;
    const { replay } = await import('../../delivery/index.ts');
    const report = await withWorkspace(invocation, ({ pool, workspace }) =>
      replay(pool, {
        connection: getConnection(workspace, name),
        filter,
        isDryRun,
        ...(flow === undefined ? {} : { flow }),
      }),
    );
    const { output } = invocation;
    output.json({ ...report, isDryRun });
    output.line(
      `${String(report.eventCount)} events looked at, ${String(report.inputCount)} inputs ${isDryRun ? 'would be sent' : 'are queued'}, ${String(report.skippedCount)} skipped by their mapping.`,
    );
    for (const { eventId, input } of report.samples) output.line(`  ${eventId}: ${JSON.stringify(input)}`);
    if (report.isCut) output.line('There are more: go on with --since after the last of these.');
    return EXIT.ok;
  },
};

function readFilter(invocation: Invocation): EventFilter {
  const id = textFlag(invocation, 'event');
  const since = readTime(invocation, 'since');
  const until = readTime(invocation, 'until');
  const type = textFlag(invocation, 'type');
  const name = textFlag(invocation, 'name');
  const personKey = textFlag(invocation, 'person');
  return {
    ...(id === undefined ? {} : { id }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(type === undefined ? {} : { type }),
    ...(name === undefined ? {} : { name }),
    ...(personKey === undefined ? {} : { personKey }),
  };
}

function readTime(invocation: Invocation, flag: 'since' | 'until'): string | undefined {
  const text = textFlag(invocation, flag);
  if (text === undefined) return undefined;
  const timeMs = Date.parse(text);
  if (!Number.isNaN(timeMs)) return new Date(timeMs).toISOString();
  throw new LinchpinError('cli.usage', {
    message: `${text} is not a time.`,
    field: `--${flag}`,
    remedy: 'Write it as 2026-11-20T08:00:00Z.',
  });
}
