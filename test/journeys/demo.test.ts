import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../support/linchpin-process.ts';
import type { FinishedProcess } from '../support/linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';

let cwd: string;
let day: FinishedProcess;

beforeAll(async () => {
  cwd = makeTemporaryFolder();
  day = await runCommand(['demo', '--once', '--events', '200'], { cwd });
});

afterAll(() => {
  removeFolder(cwd);
});

const ROWS = [
  'events received',
  'delivered to HubSpot',
  'skipped',
  'sent again after a failure',
  'dead letters',
  'contacts in HubSpot',
  'HubSpot calls',
  'typical delay',
  'slowest',
];

test('demo --once plays a day, ends with a table and exits 0 because HubSpot is exactly right', () => {
  expect(day, day.stdout + day.stderr).toMatchObject({ code: 0 });
  for (const row of ROWS) expect(day.stdout).toContain(row);
  expect(day.stdout).toMatch(/✓ All \d+ contacts in HubSpot are exactly as they should be\./);
});

test('the line to type that the demo ends with tells the story of one event', async () => {
  const [, eventId = ''] = /npx linchpin deliveries show '(\S+)' --data data\/demo/.exec(day.stdout) ?? [];
  const story = await runCommand(['deliveries', 'show', eventId, '--data', 'data/demo'], { cwd });
  expect(story.code).toBe(0);
  expect(story.stdout).toContain(`Event ${eventId}`);
  expect(story.stdout).toContain('delivered');
});

test('a second day in the same folder begins anew and ends as well', async () => {
  const second = await runCommand(['demo', '--once', '--events', '200', '--json'], { cwd });
  expect(second, second.stdout + second.stderr).toMatchObject({ code: 0 });
  const tally = JSON.parse(second.stdout) as Record<string, unknown>;
  expect(tally).toMatchObject({ differences: [], deadLetterCount: 0 });
  const everywhere = Object.values(tally['everywhere'] as Record<string, string>);
  expect(everywhere).toHaveLength(9);
  expect(everywhere).not.toContain('nothing');
  expect(tally['receivedCount']).toBeGreaterThan(100);
  expect(tally['skipped']).toHaveProperty('The subscriber has no e-mail address.');
});
