/** What a flow makes of an event, in words: its input, or the very condition that keeps the event out. Pure. */
import type { LoggedEvent } from '../kernel/event.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import { documentOf, explain } from '../mapping/index.ts';
import { matchEvent } from './match.ts';

export type Decision =
  | { readonly decision: 'input'; readonly input: unknown; readonly notes: readonly string[] }
  /** The event says so, or the mapping does. */
  | { readonly decision: 'skip'; readonly reason: string }
  /** The mapping failed, or made what the action does not take. */
  | { readonly decision: 'failed'; readonly reason: string }
  | { readonly decision: 'not matched'; readonly reason: string };

/** What each flow of the connection makes of the event, as the flows are now. */
export function explainMatch(event: LoggedEvent, connection: Connection): ReadonlyMap<Flow, Decision> {
  const matches = new Map(matchEvent(event, connection).map(({ flow, mapped }) => [flow, mapped]));
  return new Map(
    connection.flows.map((flow): [Flow, Decision] => {
      const mapped = matches.get(flow);
      switch (mapped?.kind) {
        case 'input':
          return [flow, { decision: 'input', input: mapped.input, notes: mapped.notes ?? [] }];
        case 'skip':
          return [flow, { decision: 'skip', reason: mapped.reason }];
        case 'failed':
          return [flow, { decision: 'failed', reason: mapped.fault.message }];
        case undefined:
          return [flow, { decision: 'not matched', reason: whyNot(event, flow) }];
      }
    }),
  );
}

/** The first condition that fails, in the order in which they are looked at. */
function whyNot(event: LoggedEvent, { source, preset, condition }: Flow): string {
  const { types, names } = preset.when;
  if (event.source !== source) return `It takes events of ${source}, not of ${event.source}.`;
  if (!types.includes(event.type)) return `It takes ${types.join(', ')}, not ${event.type}.`;
  if (names !== undefined && (event.name === null || !names.includes(event.name))) {
    return `It takes events named ${names.join(', ')}, not ${event.name ?? 'events without a name'}.`;
  }
  const failures =
    condition === undefined ? [] : explain(condition, documentOf(event), Date.parse(event.receivedAt));
  // The kind of the value and not the value itself, which may be nobody's business.
  const reasons = failures.map(
    ({ at, asked, kind }) => `${at === '' ? '' : `${at}: `}${asked} (found ${kind})`,
  );
  return `Its condition does not hold: ${reasons.join('; ')}.`;
}
