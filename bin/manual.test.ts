import { expect, test } from 'vitest';
import type { Command } from '../src/cli/command.ts';
import { run } from '../src/cli/run.ts';
import { allCommands } from './commands.ts';

// Fits a page of the manual and a terminal of the usual width.
const COLUMNS = 100;

async function helpOf(name: string): Promise<string> {
  let text = '';
  const keep = (part: string): void => {
    text += part;
  };
  const words = name === '' ? [] : name.split(' ');
  await run([...words, '--help'], allCommands, { out: keep, err: keep, columns: COLUMNS });
  return text.trimEnd();
}

async function toChapter({ name }: Command): Promise<string> {
  return `## linchpin ${name}\n\n\`\`\`\n${await helpOf(name)}\n\`\`\`\n`;
}

// `npx vitest run bin/manual.test.ts -u` writes the page anew.
test('docs/cli.md holds the help of every command', async () => {
  const chapters = await Promise.all(allCommands.map(toChapter));
  const page = [INTRODUCTION, `\`\`\`\n${await helpOf('')}\n\`\`\`\n`, ...chapters].join('\n');
  await expect(page).toMatchFileSnapshot('../docs/cli.md');
});

test.each(allCommands.map((command) => [command.name, command] as const))(
  '%s has examples that begin with it, and says in one line what it does',
  (name, { examples, summary }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toMatch(new RegExp(`^linchpin ${name}( |$)`));
    expect(summary).toMatch(/^[A-Z].{10,80}[^.]$/);
  },
);

const INTRODUCTION = `# The command line

In a clone, \`npx linchpin …\` runs these commands. Those that look into a store find the Linchpin that runs in the data
folder and ask its database; when none runs, they start the database themselves and stop it again.

- Every command takes \`--json\`: standard output then holds one JSON document and nothing else. Commands that go on
  (\`events tail\`, \`emulate\`) write one document per line.
- An error is a document too: \`{"error":{"code","message","field","remedy"}}\`, with \`problems\` when a configuration has
  mistakes. Every code has a page under [errors/](errors/).
- Colours are left out when the output is not a terminal, or when \`NO_COLOR\` is set.
- [configuration.md](configuration.md) has the settings, and the environment variables that stand in for options.

| exit code | meaning                                                                       |
| --------- | ----------------------------------------------------------------------------- |
| 0         | done                                                                          |
| 1         | the command ran, and what it was asked to do failed                           |
| 2         | the command line is wrong                                                     |
| 3         | the configuration, or an environment variable, is wrong                       |
| 4         | the surroundings are wrong: PostgreSQL, the data folder, a port               |
| 5         | something was checked and found wanting (\`connectors test\`, \`doctor\`, \`demo\`) |
`;
