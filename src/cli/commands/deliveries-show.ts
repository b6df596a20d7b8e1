import type { Story } from '../../delivery/index.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const deliveriesShow: Command = {
  name: 'deliveries show',
  summary: 'Tell the whole story of one event',
  args: [['<event>', 'the message id, as `events tail` and `deliveries list` show it']],
  flags: [...WORKSPACE_FLAGS],
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
      throw new LinchpinError('cli.not_found', {
        message: `The log holds no event ${eventId}.`,
        field: 'event',
      });
    }
    invocation.output.json(story);
    print(story, invocation.output);
    return EXIT.ok;
  },
};

function print(story: Story, output: Output): void {
  const { event } = story;
  output.line(`Event ${event.id}`);
  output.line(
    `  ${event.type}${event.name === null ? '' : ` "${event.name}"`} of ${event.personKey}, from source ${event.source}`,
  );
  output.line(
    `  happened ${event.occurredAt}, received ${event.receivedAt}, position ${String(event.position)}`,
  );
  output.line();
  output.line('Flows');
  for (const { connection, flow, decision, reason, input } of story.flows) {
    output.line(`  ${flow} → ${connection}: ${decision}${reason === undefined ? '' : ` (${reason})`}`);
    if (input !== undefined) output.line(indent(JSON.stringify(input, null, 2), 6));
  }
  printAttempts(story, output);
  for (const { connection, dueAt, fault } of story.parked) {
    output.line();
    output.line(
      `Waiting for ${connection}: ${dueAt === null ? 'behind an earlier one of the same key' : `next attempt ${dueAt}`}`,
    );
    if (fault !== null) output.line(`  because: ${fault.message} (${fault.code})`);
  }
  for (const { id, connection, fault, status } of story.deadLetters) {
    output.line();
    output.line(`Dead letter ${String(id)} for ${connection} (${status}): ${fault.message} (${fault.code})`);
  }
}

function printAttempts({ attempts }: Story, output: Output): void {
  output.line();
  output.line(attempts.length === 0 ? 'No attempt was made.' : 'Attempts');
  for (const attempt of attempts) {
    for (const item of attempt.items) {
      const why =
        item.reason === undefined
          ? ''
          : `: ${item.reason}${item.code === undefined ? '' : ` (${item.code})`}`;
      const record = item.remoteId === undefined ? '' : `, record ${item.remoteId}`;
      output.line(
        `  ${new Date(attempt.startedAt).toISOString()} ${attempt.connection} ${attempt.action}, attempt ${String(item.attempt)}: ${item.outcome}${record}${why}`,
      );
      for (const note of item.notes ?? []) output.line(`    note: ${note}`);
    }
    for (const exchange of attempt.exchanges) {
      output.line(
        `    ${exchange.method} ${exchange.url} → ${exchange.error ?? String(exchange.status)} in ${String(exchange.durationMs)} ms`,
      );
      if (exchange.requestBody !== '') output.line(indent(`sent ${exchange.requestBody}`, 6));
      if (exchange.responseBody !== undefined) output.line(indent(`got  ${exchange.responseBody}`, 6));
    }
  }
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(spaces));
}
