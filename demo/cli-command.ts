/** `linchpin demo`: a publisher's day on this machine, with no account anywhere. */
import { colours } from '../src/cli/colours.ts';
import type { Command, Invocation } from '../src/cli/command.ts';
import { textFlag } from '../src/cli/command.ts';
import { EXIT } from '../src/cli/exit-codes.ts';
import type { Output } from '../src/cli/output.ts';
import { untilStopped } from '../src/cli/until-stopped.ts';
import { LinchpinError } from '../src/kernel/errors.ts';
import type { DemoResult } from './run.ts';

// 200 readers with 100 visitors raise some 1,500 events: a minute on two cores, everything included.
const SUBSCRIBERS = 200;
const VISITORS_PER_SUBSCRIBER = 0.5;
// What one subscriber and half a visitor come to, to turn --events into people.
const EVENTS_PER_SUBSCRIBER = 7;
const SUBSCRIBERS_MAX = 20_000;

export const demo: Command = {
  name: 'demo',
  summary: "Play a publisher's day from end to end, with emulators and no account",
  flags: [
    { flag: '--once', description: 'end after the day; exit 0 only if HubSpot is exactly right' },
    { flag: '--events <n>', description: 'about how many events the day has' },
    {
      flag: '--data <folder>',
      description: 'where the demo keeps its database; emptied at the start',
      fallback: 'data/demo',
    },
  ],
  examples: ['linchpin demo', 'linchpin demo --once', 'linchpin demo --events 20000'],
  run: async (invocation) => {
    const { runDemo } = await import('./run.ts');
    const subscriberCount = readSubscriberCount(invocation);
    const { output } = invocation;
    const dataDir = textFlag(invocation, 'data') ?? 'data/demo';
    const closers: (() => Promise<void>)[] = [];
    const stopped = untilStopped();
    try {
      const day = runDemo({
        dataDir,
        subscriberCount,
        visitorCount: Math.round(subscriberCount * VISITORS_PER_SUBSCRIBER),
        tell: (line) => {
          output.line(`${colours.cyan('•')} ${line}`);
        },
        onProgress: progressLine(output),
        closers,
      });
      const result = await Promise.race([day, stopped.then(() => undefined)]);
      if (result === undefined) {
        // What the day still does fails once its parts are closed, and nobody waits for it.
        day.catch(() => undefined);
        return EXIT.failed;
      }
      print(result, dataDir, output);
      const isRight = result.differences.length === 0;
      if (invocation.flags['once'] !== true && isRight) {
        output.line();
        output.line(
          `Everything keeps running: Linchpin on ${result.linchpinUrl}, HubSpot's emulator on ${result.hubspotUrl}. Ctrl-C ends it.`,
        );
        await stopped;
      }
      return isRight ? EXIT.ok : EXIT.checkFailed;
    } finally {
      for (const close of closers.reverse()) await close();
    }
  },
};

function readSubscriberCount(invocation: Invocation): number {
  const text = textFlag(invocation, 'events');
  if (text === undefined) return SUBSCRIBERS;
  const count = Math.ceil(Number(text) / EVENTS_PER_SUBSCRIBER);
  if (Number.isInteger(count) && count >= 1 && count <= SUBSCRIBERS_MAX) return count;
  throw new LinchpinError('cli.usage', {
    message: `${text} is not a number of events from 1 to ${String(SUBSCRIBERS_MAX * EVENTS_PER_SUBSCRIBER)}.`,
    field: '--events',
  });
}

/** On a terminal one line that counts down; elsewhere nothing until the end. */
function progressLine({ isJson }: Output): (behind: number, waiting: number) => void {
  if (isJson || !process.stdout.isTTY) return () => undefined;
  return (behind, waiting) => {
    const text = `  ${String(behind)} events to go, ${String(waiting)} inputs waiting for another attempt`;
    process.stdout.write(`\r${text.padEnd(70)}${behind + waiting === 0 ? '\n' : ''}`);
  };
}

function print(result: DemoResult, dataDir: string, output: Output): void {
  const { tally } = result;
  output.json({
    ...tally,
    skipped: Object.fromEntries(tally.skipped),
    leftOut: Object.fromEntries(tally.leftOut),
    contactCount: result.contactCount,
    hubspotCalls: result.hubspotCalls,
    hubspotCallsPer100Contacts: callsPer100(result),
    differences: result.differences,
    everywhere: Object.fromEntries(result.everywhere),
    seconds: result.seconds,
  });
  output.line();
  output.table(
    ['', ''],
    [
      ['events received', String(tally.receivedCount)],
      ['completed into full pictures', String(tally.derivedCount)],
      [
        'delivered to HubSpot',
        `${String(tally.deliveredCount)} events, in ${String(tally.mergedIntoCalls)} batches`,
      ],
      ...[...tally.skipped].map(([reason, count]) => ['skipped', `${String(count)}: ${reason}`]),
      ['sent again after a failure', String(tally.retriedCount)],
      ['dead letters', String(tally.deadLetterCount)],
      ...[...tally.leftOut]
        .slice(0, NOTES_SHOWN)
        .map(([note, count]) => ['noted', `${String(count)}: ${note}`]),
      ['contacts in HubSpot', String(result.contactCount)],
      [
        'HubSpot calls',
        `${String(result.hubspotCalls)}, ${callsPer100(result).toFixed(1)} per 100 contact changes`,
      ],
      ['typical delay', `${String(Math.round(tally.typicalMs))} ms`],
      ['slowest', `${(tally.slowestMs / 1000).toFixed(1)} s (HubSpot was down for a while)`],
      ['the whole day took', `${result.seconds.toFixed(1)} s`],
    ],
  );
  output.line();
  if (result.differences.length === 0) {
    output.line(
      colours.green(
        `✓ All ${String(result.contactCount)} contacts in HubSpot are exactly as they should be.`,
      ),
    );
  } else {
    output.line(colours.red(`✗ ${String(result.differences.length)} differences in HubSpot:`));
    for (const line of result.differences.slice(0, DIFFERENCES_SHOWN)) output.line(`  ${line}`);
  }
  output.line();
  output.line(`One of the readers, ${result.reader}, at nine other vendors:`);
  output.table(['', ''], result.everywhere);
  if (tally.exampleEventId !== undefined) {
    output.line();
    output.line('The whole story of one event:');
    output.line(`  npx linchpin deliveries show '${tally.exampleEventId}' --data ${dataDir}`);
  }
}

const NOTES_SHOWN = 3;
const DIFFERENCES_SHOWN = 20;

function callsPer100({ hubspotCalls, tally }: DemoResult): number {
  return tally.deliveredCount === 0 ? 0 : (hubspotCalls * 100) / tally.deliveredCount;
}
