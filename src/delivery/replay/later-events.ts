/** Finds what came after replayed inputs for the same people, for `as-of-now.ts`. */
import type { LoggedEvent, Position } from '../../kernel/event.ts';
import type { Connection } from '../../flows/workspace.ts';
import { fromRow, slotOf } from '../../log/index.ts';
import type { Db } from '../../store/db.ts';
import { listEventsOfPeople } from '../../store/queries/find-events.ts';
import { listDeadAt } from '../../store/queries/replay-lookups.ts';
import type { Inherited } from '../inherited.ts';
import { inputId, isMerging } from './as-of-now.ts';
import type { Later, ReplayedInput } from './as-of-now.ts';

// What one look may fetch and map. Two thousand events are twenty of each person of a page; mapping them takes some
// tens of milliseconds, in which the reader does nothing else.
const LATER_EVENTS_MAX = 2_000;
const LATER_BYTES_MAX = 8 * 1024 * 1024;

export interface LiveReading {
  /** How far the live reader has put works into the queue. */
  readonly position: Position;
  /** What an earlier owner finished beyond that, which the live reader will pass over. */
  readonly done: Inherited;
  readonly doneTo: Position;
}

/**
 * `undefined` when it is more than one look may fetch: then for fewer inputs, or for none. `onCut` then hears from which
 * position on it would have been little enough.
 */
export async function findLater(
  db: Db,
  connection: Connection,
  inputs: readonly ReplayedInput[],
  live: LiveReading,
  onCut: (since: Position) => void = () => undefined,
): Promise<Later | undefined> {
  const { workspaceId, name } = connection;
  const rows = await listEventsOfPeople(db, {
    workspaceId,
    personKeys: [...new Set(inputs.flatMap(personKeysOf))],
    types: typesOf(connection, inputs),
    from: Math.min(...inputs.map(({ event }) => event.position)),
    upTo: Math.max(live.position, live.doneTo),
    limit: LATER_EVENTS_MAX + 1,
    bytes: LATER_BYTES_MAX,
  });
  const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(row[8]), 0);
  if (rows.length > LATER_EVENTS_MAX || bytes >= LATER_BYTES_MAX) {
    onCut(rows.at(-1)?.[0] ?? live.position);
    return undefined;
  }
  const events = rows.map(fromRow).filter((event) => hasHappened(event, live));
  const positions = events.map(({ position }) => position);
  const dead = await listDeadAt(db, workspaceId, name, positions);
  const deadIds = new Set(dead.map(({ position, flow }) => inputId({ name: flow }, position)));
  return {
    events,
    isVoid: (position, flow) => deadIds.has(inputId(flow, position)),
  };
}

function hasHappened({ position, personKey }: LoggedEvent, live: LiveReading): boolean {
  return position <= live.position || live.done.has(position, slotOf(personKey));
}

/** The order key may be an address, and another event of the same person may be known by nothing else. */
export function personKeysOf({ event, flow, input }: ReplayedInput): readonly string[] {
  // Trimmed and lower-cased, as person keys are.
  const orderKey = flow.preset.action.orderKey(input).trim().toLowerCase();
  return orderKey === '' || orderKey === event.personKey ? [event.personKey] : [event.personKey, orderKey];
}

/** Types of events that may become an input of the same actions. */
function typesOf(connection: Connection, inputs: readonly ReplayedInput[]): readonly string[] {
  // By their ids: presets may give an action options of their own, which makes two of one.
  const actions = new Set(inputs.map(({ flow }) => flow.preset.action.id));
  const flows = connection.flows.filter((flow) => isMerging(flow) && actions.has(flow.preset.action.id));
  return [...new Set(flows.flatMap(({ preset }) => preset.when.types))];
}
