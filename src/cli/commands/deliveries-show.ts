import type { Story } from '../../delivery/index.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import { formatCount } from '../../ops/amounts.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { indent, printExchange } from '../print-exchange.ts';
import { sayStanding } from '../print-standing.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const deliveriesShow: Command = {
  name: 'deliveries show',
  summary: 'Tell the whole story of one event',
  args: [['<event>', 'the message id, as `events tail` and `deliveries list` show it']],
  flags: [
    { flag: '--full', description: 'print requests and answers whole, as far as they are kept' },
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin deliveries show node-next-1763708000000-5f0c',
    'linchpin deliveries show evt_1 --json',
  ],
  run: async (invocation) => {
    const [eventId = ''] = invocation.args;
    const { tellStory } = await import('../../delivery/index.ts');
    const story = await withWorkspace(invocation, ({ pool, workspace }) =>
      tellStory(pool, workspace, eventId),
    );
    if (story === undefined) {
      throw new LinchpinError('delivery.event_unknown', {
        message: `The log holds no event ${eventId}.`,
        field: 'event',
      });
    }
    invocation.output.json(story);
    print(story, invocation.output, invocation.flags['full'] === true);
    return EXIT.ok;
  },
};

function print(story: Story, output: Output, isFull: boolean): void {
  printReceipt(story, output);
  output.line();
  output.line('Flows');
  for (const { connection, flow, decision, reason, input, notes = [], standing } of story.flows) {
    output.line(`  ${flow} → ${connection}: ${decision}${reason === undefined ? '' : ` (${reason})`}`);
    if (input !== undefined) output.line(indent(JSON.stringify(input, null, 2), 6));
    for (const note of notes) output.line(`      note: ${note}`);
    if (standing.kind !== 'not matched') output.line(`    now: ${sayStanding(standing)}`);
  }
  printAttempts(story, output, isFull);
  for (const { id, connection, flow, status, fault, diedAt } of story.deadLetters) {
    output.line();
    output.line(
      `Dead letter ${String(id)} of ${flow} for ${connection} (${status}), ${diedAt.toISOString()}: ${fault.message} (${fault.code})`,
    );
  }
}

function printReceipt({ event, duplicates }: Story, output: Output): void {
  const name = event.name === null ? '' : ` "${event.name}"`;
  output.line(`Event ${event.id}`);
  output.line(`  ${event.type}${name} of ${event.personKey}, from source ${event.source}`);
  output.line(
    `  happened ${event.occurredAt}, received ${event.receivedAt}, position ${String(event.position)}`,
  );
  if (duplicates.count === 0) return;
  const times = duplicates.first.map(
    ({ source, receivedAt }) => `${receivedAt.toISOString()} from ${source}`,
  );
  const more = duplicates.count > times.length ? ', …' : '';
  output.line(
    `  came again ${formatCount(duplicates.count, 'time')} and was dropped: ${times.join(', ')}${more}`,
  );
}

function printAttempts({ attempts }: Story, output: Output, isFull: boolean): void {
  output.line();
  output.line(attempts.length === 0 ? 'No attempt was made.' : 'Attempts');
  for (const attempt of attempts) {
    for (const item of attempt.items) {
      const code = item.code === undefined ? '' : ` (${item.code})`;
      const why = item.reason === undefined ? '' : `: ${item.reason}${code}`;
      const record = item.remoteId === undefined ? '' : `, record ${item.remoteId}`;
      output.line(
        `  ${new Date(attempt.startedAt).toISOString()} ${attempt.connection} ${attempt.action}, attempt ${String(item.attempt)}: ${item.outcome}${record}${why}`,
      );
      if (item.mergedWith !== undefined) {
        output.line(`    sent as one with ${listed(item.mergedWith)}: what follows is about all of them`);
      }
      for (const note of item.notes ?? []) output.line(`    note: ${note}`);
    }
    for (const exchange of attempt.exchanges) {
      printExchange(output, exchange, attempt.marks, isFull);
      if (!exchange.holdsEvent) {
        output.line(
          '      The part of this event lies beyond what is kept of this request; what it asked for is the input above.',
        );
      }
    }
  }
}

// An event that waited long may have hundreds of companions.
const COMPANIONS_SHOWN = 5;

function listed(eventIds: readonly string[]): string {
  const shown = eventIds.slice(0, COMPANIONS_SHOWN).join(', ');
  const more = eventIds.length - COMPANIONS_SHOWN;
  return more > 0 ? `${shown} and ${formatCount(more, 'other')}` : shown;
}
