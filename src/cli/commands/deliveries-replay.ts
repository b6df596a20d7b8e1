import type { DryRun, ReplayFilter } from '../../delivery/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { EVENT_TYPES } from '../../kernel/event.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import { formatCount } from '../../ops/amounts.ts';
import type { Command, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { printReplay } from '../replay-output.ts';
import { timeFlag } from '../time-flag.ts';
import { getConnection } from '../known-names.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

const OUTCOMES = ['delivered', 'skipped', 'rejected', 'none'] as const;
const PRIORITIES = ['replay', 'backfill'] as const;

// A remark for every so many events: once in a few seconds.
const REMARK_EVERY = 100_000;

export const deliveriesReplay: Command = {
  name: 'deliveries replay',
  summary: 'Show what sending events of the past again would do, and with --yes do it',
  args: [['<connection>', 'where to send them']],
  flags: [
    { flag: '--event <id>', description: 'only this event' },
    { flag: '--since <time>', description: 'only events received at or after this ISO time' },
    { flag: '--until <time>', description: 'only events received before this ISO time' },
    { flag: '--type <type>', description: 'only events of this type, e.g. identify' },
    { flag: '--name <name>', description: 'only events of this name' },
    { flag: '--person <key>', description: 'only events of this person key' },
    { flag: '--flow <name>', description: 'only through this flow' },
    {
      flag: '--outcome <outcome>',
      description: `only what ended so when it was last tried: ${OUTCOMES.join(', ')} (no attempt on record)`,
    },
    {
      flag: '--priority <priority>',
      description: 'replay, or backfill for filling a new destination: behind replays',
      fallback: 'replay',
    },
    {
      flag: '--share <n>',
      description: 'the share of the rate limit that it may use',
      fallback: '0.25',
    },
    { flag: '--yes', description: 'start it; without this it is only counted and samples are shown' },
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin deliveries replay hubspot --since 2026-11-20T00:00:00Z',
    'linchpin deliveries replay hubspot --event evt_1 --yes',
    'linchpin deliveries replay hubspot --outcome rejected --flow hubspot-identify --yes',
    'linchpin deliveries replay crm --priority backfill --share 0.5 --yes',
  ],
  run: async (invocation) => {
    const [name = ''] = invocation.args;
    const filter = readFilter(invocation);
    const priority = readOneOf(invocation, 'priority', PRIORITIES) ?? 'replay';
    const rateShare = Number(textFlag(invocation, 'share'));
    const { assertRateShare, dryRun, startReplay } = await import('../../delivery/index.ts');
    // Before the trial run too, so that what was tried can be started.
    assertRateShare(rateShare);
    const { output } = invocation;
    await withWorkspace(invocation, async ({ pool, workspace }) => {
      const connection = getConnection(workspace, name);
      if (invocation.flags['yes'] === true) {
        const replay = await startReplay(pool, systemClock, { connection, filter, priority, rateShare });
        output.json({ isDryRun: false, replay });
        printReplay(output, replay);
        if (connection.suspended !== null) {
          output.line(`It starts when ${name} is resumed: the connection is suspended.`);
        }
        output.line(`Follow it with linchpin replays show ${String(replay.id)}.`);
        return;
      }
      let remarkedAt = 0;
      const report = await dryRun(pool, connection, filter, (eventCount) => {
        if (eventCount - remarkedAt < REMARK_EVERY) return;
        remarkedAt = eventCount;
        output.remark(`${String(eventCount)} events looked at …`);
      });
      output.json({ isDryRun: true, ...report });
      printDryRun(output, report);
    });
    return EXIT.ok;
  },
};

function printDryRun(output: Output, report: DryRun): void {
  const sent = report.inputCount - report.skippedCount - report.failedCount;
  output.line(
    `${formatCount(report.eventCount, 'event')} looked at, ${formatCount(sent, 'input')} would be sent, ${String(report.skippedCount)} skipped, ${String(report.failedCount)} could not be made.`,
  );
  for (const { reason, count } of report.reasons) output.line(`  ${String(count)} left out: ${reason}`);
  for (const { eventId, flow, input } of report.samples) {
    output.line(`  ${eventId} through ${flow}: ${JSON.stringify(input)}`);
  }
  if (sent > 0) output.line('Nothing was sent yet; add --yes to start it.');
}

function readFilter(invocation: Invocation): ReplayFilter {
  return {
    event: textFlag(invocation, 'event'),
    since: timeFlag(invocation, 'since'),
    until: timeFlag(invocation, 'until'),
    type: readOneOf(invocation, 'type', EVENT_TYPES),
    name: textFlag(invocation, 'name'),
    // As person keys are stored.
    person: textFlag(invocation, 'person')?.trim().toLowerCase(),
    flow: textFlag(invocation, 'flow'),
    outcome: readOneOf(invocation, 'outcome', OUTCOMES),
  };
}

function readOneOf<Value extends string>(
  invocation: Invocation,
  flag: string,
  values: readonly Value[],
): Value | undefined {
  const text = textFlag(invocation, flag);
  const found = values.find((value) => value === text);
  if (text === undefined || found !== undefined) return found;
  throw new LinchpinError('cli.usage', {
    message: `${text} is not a value of --${flag}.`,
    field: `--${flag}`,
    remedy: `Use one of: ${values.join(', ')}.`,
  });
}
