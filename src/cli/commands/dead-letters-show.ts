import type { WholeDeadLetter } from '../../store/queries/dead-letters.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Exchange } from '../../outbound/index.ts';
import type { Command } from '../command.ts';
import { readDeadLetterId } from '../dead-letter-filter.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { indent, printExchange } from '../print-exchange.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const deadLettersShow: Command = {
  name: 'dead-letters show',
  summary: 'Show all that is kept of a dead letter',
  args: [['<id>', 'the number of the dead letter']],
  flags: [
    { flag: '--full', description: 'print request and answer whole, as far as they are kept' },
    ...WORKSPACE_FLAGS,
  ],
  examples: ['linchpin dead-letters show 17', 'linchpin dead-letters show 17 --json'],
  run: async (invocation) => {
    const [text = ''] = invocation.args;
    const id = readDeadLetterId(text);
    const { findDeadLetter } = await import('../../store/queries/dead-letters.ts');
    const letter = await withDeclared(invocation, ({ pool, workspace }) =>
      findDeadLetter(pool, workspace.id, id),
    );
    if (letter === undefined) {
      throw new LinchpinError('delivery.dead_letter_unknown', {
        message: `There is no dead letter ${text}.`,
        field: 'id',
      });
    }
    const { output, flags } = invocation;
    const lastExchange = letter.lastExchange === null ? null : (JSON.parse(letter.lastExchange) as Exchange); // Written by the ledger.
    const input: unknown = JSON.parse(letter.input);
    output.json({ ...letter, input, lastExchange });
    print(output, letter, input, lastExchange, flags['full'] === true);
    return EXIT.ok;
  },
};

function print(
  output: Output,
  letter: WholeDeadLetter,
  input: unknown,
  exchange: Exchange | null,
  isFull: boolean,
): void {
  const { fault } = letter;
  output.line(`Dead letter ${String(letter.id)} (${letter.status})`);
  const key = letter.orderKey === '' ? '' : `, key "${letter.orderKey}"`;
  output.line(`  ${letter.flow} → ${letter.connection}, action ${letter.action}${key}`);
  output.line(`  event ${letter.eventId} (${letter.eventType}), position ${String(letter.position)}`);
  output.line(`  died ${letter.diedAt.toISOString()} after ${String(letter.attemptCount)} attempts`);
  if (letter.closedAt !== null) {
    const why = letter.closedReason === null ? '' : `: ${letter.closedReason}`;
    output.line(`  ${letter.status} ${letter.closedAt.toISOString()}${why}`);
  }
  output.line();
  output.line('Why');
  output.line(`  ${fault.message} (${fault.code})`);
  if (fault.status !== undefined) output.line(`  status ${String(fault.status)}`);
  if (fault.requestId !== undefined) output.line(`  the vendor's id of the exchange: ${fault.requestId}`);
  output.line();
  if (input === null) output.line('There is no input: the mapping failed.');
  else {
    output.line('Input');
    output.line(indent(JSON.stringify(input, null, 2), 2));
  }
  output.line();
  output.line(exchange === null ? 'Nothing was sent.' : 'Last exchange');
  if (exchange !== null)
    printExchange(output, exchange, [letter.orderKey.slice(letter.action.length + 1)], isFull);
  if (letter.status !== 'open') return;
  output.line();
  output.line(
    input === null
      ? `Map it anew:   linchpin dead-letters retry ${String(letter.id)} --flow ${letter.flow}  (once the flow is mended)`
      : `Send it again: linchpin dead-letters retry ${String(letter.id)}  (--input <file> to mend the input)`,
  );
  output.line(`Whole story:   linchpin deliveries show '${letter.eventId}'`);
}
