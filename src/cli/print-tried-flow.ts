/** Prints what a flow would do with an event, from its condition to the last request that can be told. */
import type { TriedFlow } from '../delivery/index.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import type { LoggedEvent } from '../kernel/event.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { Preview, PreviewedCall } from '../outbound/index.ts';
import type { Output } from './output.ts';
import { indent } from './print-exchange.ts';

export interface ToPrint {
  readonly event: LoggedEvent;
  readonly connection: Connection;
  readonly flow: Flow;
  readonly tried: TriedFlow;
}

export function printTriedFlow(output: Output, { event, connection, flow, tried }: ToPrint): void {
  const name = event.name === null ? '' : ` "${event.name}"`;
  output.line(`${flow.name} → ${connection.name}, ${flow.preset.action.id}`);
  output.line(`  ${event.type}${name} of ${event.personKey}, from source ${event.source}`);
  printCondition(output, flow, tried);
  const { decision, orderKey, preview } = tried;
  output.line();
  if (decision.decision !== 'input') {
    output.line(`${capitalised(decision.decision)}: ${decision.reason}`);
    return;
  }
  output.line(`Input, in order under "${orderKey ?? ''}"`);
  output.line(indent(JSON.stringify(decision.input, null, 2), 2));
  for (const note of decision.notes) output.line(`  note: ${note}`);
  if (preview !== undefined) printPreview(output, preview);
}

function printCondition(output: Output, { condition }: Flow, { failedLeaves }: TriedFlow): void {
  if (condition === undefined) return;
  output.line(`Condition ${failedLeaves.length === 0 ? 'holds' : 'does not hold'}`);
  output.line(indent(JSON.stringify(condition.tree, null, 2), 2));
  for (const { at, asked, kind, value } of failedLeaves) {
    const found = value === undefined ? kind : `${kind}: ${JSON.stringify(value)}`;
    output.line(`  ${at === '' ? '' : `${at}: `}${asked} fails, found ${found}`);
  }
}

function printPreview(output: Output, { calls, end }: Preview<readonly Outcome[]>): void {
  output.line();
  output.line(calls.length === 0 ? 'No request' : 'Requests, of which none was sent');
  for (const call of calls) printCall(output, call);
  output.line();
  switch (end.kind) {
    case 'unanswered':
      output.line('What follows depends on the answer to the last request; --answers goes on with yours.');
      break;
    case 'failed':
      output.line(`That answer means: ${sayOutcome(end.failure)}`);
      break;
    case 'returned':
      for (const outcome of end.result) output.line(`Outcome: ${sayOutcome(outcome)}`);
      break;
  }
}

function printCall(output: Output, { method, url, headers = {}, body, text, answer }: PreviewedCall): void {
  output.line(`  ${method} ${url}`);
  for (const [name, value] of Object.entries(headers)) output.line(`    ${name}: ${value}`);
  if (body !== undefined) output.line(indent(JSON.stringify(body, null, 2), 4));
  if (text !== undefined) output.line(indent(text, 4));
  if (answer === undefined) return;
  const how =
    answer.from === 'given'
      ? `as given, ${String(answer.status)}`
      : 'assumed: what the input names is there, and what it writes is not yet';
  output.line(`    answer ${how}`);
}

function sayOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return ['delivered', ...(outcome.notes ?? [])].join('; ');
    case 'skipped':
    case 'deferred':
      return `${outcome.kind}: ${outcome.reason}`;
    case 'retry':
    case 'rejected':
    case 'suspended':
      return `${outcome.kind}: ${outcome.fault.message} (${outcome.fault.code})`;
  }
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
