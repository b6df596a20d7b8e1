/** Which flows of a connection an event is for, and what their mappings make of it. Pure. */
import type { LoggedEvent } from '../kernel/event.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import type { Mapped } from '../kit/index.ts';

export interface Match {
  readonly flow: Flow;
  readonly mapped: Mapped<unknown>;
}

export function matchEvent(event: LoggedEvent, connection: Connection): readonly Match[] {
  return connection.flows
    .filter((flow) => isFor(flow, event))
    .map((flow) => ({ flow, mapped: mapEvent(event, flow, connection) }));
}

function isFor(flow: Flow, event: LoggedEvent): boolean {
  const { types, names } = flow.preset.when;
  return (
    flow.source === event.source &&
    types.includes(event.type) &&
    (names === undefined || (event.name !== null && names.includes(event.name)))
  );
}

function mapEvent(event: LoggedEvent, flow: Flow, connection: Connection): Mapped<unknown> {
  const excluded = excludedBy(event, connection.connector.integrationNames);
  if (excluded !== undefined) return { kind: 'skip', reason: excluded };
  return flow.preset.map(event, flow.options);
}

/**
 * Why the event's `integrations` object keeps it from this connector, or `undefined` (Segment: Spec, Common
 * fields, "integrations"; 2026-11): `All: false` excludes all that are not named, a name set to false excludes
 * that one. Names are exact.
 */
function excludedBy(event: LoggedEvent, names: readonly string[]): string | undefined {
  const integrations = event.payload['integrations'];
  if (!isJsonObject(integrations)) return undefined;
  const named = names.find((name) => integrations[name] !== undefined);
  if (named !== undefined) {
    return integrations[named] === false
      ? `The event's integrations object sets ${named} to false.`
      : undefined;
  }
  const all = integrations['All'] ?? integrations['all'];
  return all === false ? "The event's integrations object sets All to false." : undefined;
}
