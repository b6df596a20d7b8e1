/** One line that somebody pastes into the terminal. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LinchpinError } from '../../kernel/errors.ts';

export async function readPastedLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  try {
    const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string?];
    if (line !== undefined) return line;
  } finally {
    lines.close();
    // Otherwise the open terminal keeps the process alive. Unlike a terminal or a pipe, a file has no `unref`.
    process.stdin.destroy();
  }
  throw new LinchpinError('login.unanswered', {
    message: 'The input ended before an address was pasted.',
    remedy: 'Run the command in a terminal, or give it the address on its standard input.',
  });
}
