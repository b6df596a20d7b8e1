import type { PersonStory } from '../../delivery/index.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import { formatCount } from '../../ops/amounts.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { limitFlag, readLimit } from '../limit-flag.ts';
import type { Output } from '../output.ts';
import { sayStanding } from '../print-standing.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const peopleShow: Command = {
  name: 'people show',
  summary: 'Tell what became of a person across connections',
  args: [['<id>', 'a user id, e-mail address or anonymous id']],
  flags: [limitFlag(20), ...WORKSPACE_FLAGS],
  examples: ['linchpin people show ann@example.com', 'linchpin people show user_456 --limit 100 --json'],
  run: async (invocation) => {
    const [id = ''] = invocation.args;
    const limit = readLimit(invocation);
    const { tellPerson } = await import('../../delivery/index.ts');
    const story = await withWorkspace(invocation, ({ pool, workspace }) =>
      tellPerson(pool, workspace, id, limit),
    );
    if (story === undefined) {
      throw new LinchpinError('delivery.person_unknown', {
        message: `No event is filed under ${id}.`,
        field: 'id',
      });
    }
    invocation.output.json(story);
    print(story, invocation.output);
    return EXIT.ok;
  },
};

function print(story: PersonStory, output: Output): void {
  output.line(`Person ${story.personKeys.join(', ')}`);
  for (const { kind, value } of story.keysSeen) output.line(`  ${kind} ${value}`);
  output.line();
  output.line('Connections');
  for (const { connection, suspended, latest, parkedCount, deadCount } of story.connections) {
    const newest =
      latest === null
        ? 'nothing among these events'
        : `${sayStanding(latest.standing)} (${latest.flow}, ${latest.eventId})`;
    const open = [
      ...(parkedCount === 0 ? [] : [`${String(parkedCount)} parked`]),
      ...(deadCount === 0 ? [] : [formatCount(deadCount, 'dead letter')]),
      ...(suspended === null ? [] : [`suspended: ${suspended.message}`]),
    ];
    output.line(`  ${connection}: ${[newest, ...open].join('; ')}`);
  }
  output.line();
  output.line(
    story.events.length === 1 ? 'The newest event' : `The newest ${String(story.events.length)} events`,
  );
  for (const { event, flows } of story.events) {
    const name = event.name === null ? '' : ` "${event.name}"`;
    output.line(`  ${event.receivedAt} ${event.type}${name} from ${event.source}, ${event.id}`);
    for (const { connection, flow, standing } of flows) {
      output.line(`    ${flow} → ${connection}: ${sayStanding(standing)}`);
    }
  }
}
