/**
 * One page of a replay: the events of a stretch of the log that match its filter, and what the connection's flows
 * make of them. The same for the dry run and for the lane that sends.
 */
import type { LoggedEvent, Position } from '../../kernel/event.ts';
import type { Connection } from '../../flows/workspace.ts';
import { fromRow } from '../../log/index.ts';
import type { SlotRange } from '../../log/index.ts';
import type { Db } from '../../store/db.ts';
import { lookThroughEvents } from '../../store/queries/find-events.ts';
import { listOutcomesAt, listParkedAt } from '../../store/queries/replay-lookups.ts';
import { ATTEMPT_SPAN_MAX } from '../attempt-record.ts';
import { matchEvent } from '../match.ts';
import type { Unsent } from '../unsent.ts';
import { orderKeyOf } from '../work.ts';
import { inputId } from './as-of-now.ts';
import type { ReplayedInput } from './as-of-now.ts';
import type { ReplayFilter, ReplayOutcome } from './replay-filter.ts';

export interface PageInput extends ReplayedInput {
  readonly notes: readonly string[];
}

/** An input that is left out, or that could not be made. */
export interface PageUnsent extends Pick<Unsent, 'flow' | 'outcome'> {
  readonly event: LoggedEvent;
}

export interface Page {
  /** Events that match, in order; some may have made nothing. */
  readonly events: readonly LoggedEvent[];
  readonly inputs: readonly PageInput[];
  readonly unsent: readonly PageUnsent[];
  /** Where to go on. */
  readonly lookedTo: Position;
  readonly lookedCount: number;
  readonly isEnd: boolean;
}

export interface PageRequest {
  readonly connection: Connection;
  readonly filter: ReplayFilter;
  readonly slots: SlotRange;
  /** Exclusive. */
  readonly after: Position;
  /** Inclusive. */
  readonly upTo: Position;
  readonly limit: number;
}

export const STILL_WAITING = 'The input still waits for another attempt, which keeps its order.';

export async function readPage(db: Db, request: PageRequest): Promise<Page> {
  const { connection, filter, slots, after, upTo, limit } = request;
  const { since, until, type, name, person, flow } = filter;
  const looked = await lookThroughEvents(db, {
    workspaceId: connection.workspaceId,
    after,
    upTo,
    slotFrom: slots.from,
    slotTo: slots.to,
    filter: { since, until, type, name, personKey: person },
    limit,
  });
  const events = looked.rows.map(fromRow);
  const flows = connection.flows.filter((each) => flow === undefined || each.name === flow);
  const matches = events.flatMap((event) =>
    matchEvent(event, { ...connection, flows }).map((match) => ({ ...match, event })),
  );
  const positions = [...new Set(matches.map(({ event }) => event.position))];
  const isWanted = await outcomeFilter(db, connection, positions, filter.outcome);
  const isParked = await parkedFilter(db, connection, positions);
  const inputs: PageInput[] = [];
  const unsent: PageUnsent[] = [];
  for (const { flow: matched, event, mapped } of matches) {
    const id = inputId(matched, event.position);
    if (!isWanted(id)) continue;
    if (isParked(id)) {
      unsent.push({ flow: matched, event, outcome: { kind: 'skipped', reason: STILL_WAITING } });
    } else if (mapped.kind === 'input') {
      const { input, notes = [] } = mapped;
      inputs.push({ flow: matched, event, input, notes, key: orderKeyOf(matched, input) });
    } else if (mapped.kind === 'skip') {
      unsent.push({ flow: matched, event, outcome: { kind: 'skipped', reason: mapped.reason } });
    } else {
      unsent.push({ flow: matched, event, outcome: { kind: 'rejected', fault: mapped.fault } });
    }
  }
  const { lookedTo, lookedCount, isEnd } = looked;
  return { events, inputs, unsent, lookedTo, lookedCount, isEnd };
}

type InputFilter = (inputId: string) => boolean;

async function parkedFilter(
  db: Db,
  { workspaceId, name }: Connection,
  positions: readonly Position[],
): Promise<InputFilter> {
  if (positions.length === 0) return () => false;
  const parked = await listParkedAt(db, workspaceId, name, positions);
  const ids = new Set(parked.map(({ position, flow }) => inputId({ name: flow }, position)));
  return (id) => ids.has(id);
}

async function outcomeFilter(
  db: Db,
  { workspaceId, name }: Connection,
  positions: readonly Position[],
  wanted: ReplayOutcome | undefined,
): Promise<InputFilter> {
  if (wanted === undefined || positions.length === 0) return () => true;
  const outcomes = await listOutcomesAt(db, workspaceId, name, positions, ATTEMPT_SPAN_MAX);
  const lastOf = new Map(
    outcomes.map(({ position, flow, outcome }) => [inputId({ name: flow }, position), outcome]),
  );
  return (id) => toReplayOutcome(lastOf.get(id)) === wanted;
}

/** An input whose last attempt failed and which does not wait for another was given up. */
function toReplayOutcome(outcome: string | undefined): ReplayOutcome | undefined {
  switch (outcome) {
    case undefined:
      return 'none';
    case 'delivered':
    case 'skipped':
      return outcome;
    case 'rejected':
    case 'retry':
      return 'rejected';
    default:
      return undefined;
  }
}
