/** Which flows of a connection an event is for, and what their mappings make of it. Pure. */
import type { LoggedEvent } from '../kernel/event.ts';
import { documentOf, evaluate } from '../mapping/index.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import type { Mapped } from '../kit/index.ts';
import { exclusionOf } from './exclusion.ts';
import { orderKeyOf } from './work.ts';

export interface Match {
  readonly flow: Flow;
  readonly mapped: Mapped<unknown>;
  /** The order key, when there is an input. */
  readonly key?: string;
}

export function matchEvent(event: LoggedEvent, connection: Connection): readonly Match[] {
  return connection.flows
    .filter((flow) => isFor(flow, event))
    .map((flow) => ({ flow, ...mapEvent(event, flow, connection) }));
}

function isFor({ preset, source, condition }: Flow, event: LoggedEvent): boolean {
  const { types, names } = preset.when;
  return (
    source === event.source &&
    types.includes(event.type) &&
    (names === undefined || (event.name !== null && names.includes(event.name))) &&
    // Counted from its receipt and not from now, so that the same event always gets the same answer.
    (condition === undefined || evaluate(condition, documentOf(event), Date.parse(event.receivedAt)))
  );
}

function mapEvent(event: LoggedEvent, flow: Flow, connection: Connection): Omit<Match, 'flow'> {
  const excluded = exclusionOf(event.payload, flow.consent ?? [], connection.connector.integrationNames);
  if (excluded !== undefined) return { mapped: { kind: 'skip', reason: excluded } };
  try {
    const mapped = flow.preset.map(event, flow.options);
    return mapped.kind === 'input' ? { mapped, key: orderKeyOf(flow, mapped.input) } : { mapped };
  } catch (error) {
    // One event must not stop all others; it stands on record and can be replayed when the connector is mended.
    const message = `The mapping of ${flow.preset.id} failed: ${error instanceof Error ? error.message : String(error)}`;
    return { mapped: { kind: 'failed', fault: { code: 'delivery.mapping_failed', message } } };
  }
}
