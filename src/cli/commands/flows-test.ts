import type { TriedFlow } from '../../delivery/index.ts';
import type { Connection, Flow } from '../../flows/workspace.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { LoggedEvent } from '../../kernel/event.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { CallResponse } from '../../kit/index.ts';
import { textFlag } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { CONFIG_FLAG, readConfigured } from '../configured.ts';
import { EXIT } from '../exit-codes.ts';
import { printTriedFlow } from '../print-tried-flow.ts';
import { readJson } from '../read-json.ts';

export const flowsTest: Command = {
  name: 'flows test',
  summary: 'Show what a flow makes of an event, down to the requests, without sending anything',
  args: [['<flow>', 'the name of a flow of the configuration']],
  flags: [
    {
      flag: '--event <file>',
      description: 'a Segment call, or an event as `deliveries show --json` gives it; - for standard input',
    },
    {
      flag: '--answers <file>',
      description:
        'a JSON list of answers to the calls in turn, each { status, body }, instead of assumed ones',
    },
    CONFIG_FLAG,
  ],
  examples: ['linchpin flows test orders --event order.json', 'linchpin flows test orders --event - --json'],
  run: async (invocation) => {
    const { output, args } = invocation;
    const { configuration, registry } = await readConfigured(invocation);
    const { connectionsOf } = await import('../../flows/make-connection.ts');
    const { connection, flow } = find(args[0] ?? '', connectionsOf(configuration.definition, registry));
    const { systemClock } = await import('../../kernel/clock.ts');
    const nowMs = systemClock.now();
    const event = await readEvent(invocation, flow.source, nowMs);
    const answers = await readAnswers(invocation);
    const { tryFlow } = await import('../../delivery/index.ts');
    const tried = tryFlow({ event, connection, flow, answers, nowMs });
    output.json(toJson(event, connection, flow, tried));
    printTriedFlow(output, { event, connection, flow, tried });
    return tried.decision.decision === 'failed' ? EXIT.checkFailed : EXIT.ok;
  },
};

function find(
  name: string,
  connections: readonly Connection[],
): { readonly connection: Connection; readonly flow: Flow } {
  for (const connection of connections) {
    const flow = connection.flows.find((each) => each.name === name);
    if (flow !== undefined) return { connection, flow };
  }
  const names = connections.flatMap(({ flows }) => flows.map((flow) => flow.name));
  throw new LinchpinError('cli.not_found', {
    message: `The configuration has no flow ${name}.`,
    field: 'flow',
    remedy: names.length === 0 ? 'It has no flows at all.' : `It has these: ${names.join(', ')}.`,
  });
}

async function readEvent(invocation: Invocation, source: string, nowMs: number): Promise<LoggedEvent> {
  const file = textFlag(invocation, 'event');
  if (file === undefined) {
    throw new LinchpinError('cli.usage', {
      message: 'There is no event to test with.',
      field: '--event',
      remedy: 'Name a file with --event, or - for standard input.',
    });
  }
  const { eventFromJson } = await import('../event-from-json.ts');
  return eventFromJson(await readJson(file, '--event'), source, nowMs);
}

async function readAnswers(invocation: Invocation): Promise<readonly CallResponse[]> {
  const file = textFlag(invocation, 'answers');
  if (file === undefined) return [];
  const written = await readJson(file, '--answers');
  const list: readonly unknown[] = Array.isArray(written) ? written : [written];
  return list.map((answer, index) => {
    const status = isJsonObject(answer) ? answer['status'] : undefined;
    if (!isJsonObject(answer) || typeof status !== 'number') {
      throw new LinchpinError('cli.usage', {
        message: `Answer ${String(index + 1)} in ${file} has no status.`,
        field: '--answers',
        remedy: 'Write a list such as [{ "status": 200, "body": { "results": [] } }].',
      });
    }
    return { status, headers: {}, body: answer['body'] };
  });
}

function toJson(event: LoggedEvent, connection: Connection, flow: Flow, tried: TriedFlow): object {
  const { decision, failedLeaves, orderKey, preview } = tried;
  return {
    event: { id: event.id, type: event.type, name: event.name, source: event.source },
    flow: flow.name,
    connection: connection.name,
    action: flow.preset.action.id,
    condition: flow.condition?.tree,
    failedLeaves,
    ...decision,
    orderKey,
    calls: preview?.calls,
    end: preview?.end,
  };
}
