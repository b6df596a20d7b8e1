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
      throw new LinchpinError('cli.not_found', {
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
  printAttempts(story, output, isFull);
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

function printAttempts({ attempts, event }: Story, output: Output, isFull: boolean): void {
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
    // What tells this event's input from the others of its batch.
    const marks = [`"${String(event.position)}"`, ...attempt.items.flatMap(({ remoteId }) => remoteId ?? [])];
    const show = (body: string): string => (isFull ? body : excerpt(body, marks));
    for (const exchange of attempt.exchanges) {
      output.line(
        `    ${exchange.method} ${exchange.url} → ${exchange.error ?? String(exchange.status)} in ${String(exchange.durationMs)} ms`,
      );
      if (exchange.requestBody !== '') output.line(indent(`sent ${show(exchange.requestBody)}`, 6));
      if (exchange.responseBody !== undefined) output.line(indent(`got  ${show(exchange.responseBody)}`, 6));
    }
  }
}

// A screenful: a batch of a hundred is fifty times as much, and one input of it is what was asked for.
const EXCERPT_CHARACTERS = 600;

/** The stretch of a body around the first mark in it. */
function excerpt(body: string, marks: readonly string[]): string {
  if (body.length <= EXCERPT_CHARACTERS) return body;
  const found = marks.map((mark) => body.indexOf(mark)).find((index) => index >= 0) ?? 0;
  const from = Math.max(0, Math.min(found - EXCERPT_CHARACTERS / 2, body.length - EXCERPT_CHARACTERS));
  const cut = body.slice(from, from + EXCERPT_CHARACTERS);
  return `${from === 0 ? '' : '…'}${cut}… (${String(body.length)} characters; --full shows them)`;
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(spaces));
}
