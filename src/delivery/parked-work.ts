/** Between works and their rows in the parked and dead-letter tables. Pure. */
import type { Fault } from '../kernel/outcome.ts';
import type { Priority } from '../kernel/priority.ts';
import type { Connection } from '../flows/workspace.ts';
import type { Exchange } from '../outbound/index.ts';
import type { DeadLetterRow } from '../store/queries/dead-letters.ts';
import type { ParkedRow } from '../store/queries/parked.ts';
import { toStorable } from './work.ts';
import type { Lane, Part, Work } from './work.ts';

function identityOf(part: Part, work: Pick<Work, 'flow' | 'key'>) {
  return {
    slot: part.slot,
    flow: work.flow.name,
    action: work.flow.preset.action.id,
    orderKey: work.key,
    position: part.position,
    eventId: part.eventId,
    eventType: part.eventType,
    input: JSON.stringify(part.input),
    attemptCount: part.attempts,
  };
}

export function parkedRow(
  part: Part,
  work: Work,
  dueAtMs: number | undefined,
  fault: Fault | null,
): ParkedRow {
  return {
    ...identityOf(part, work),
    dueAt: dueAtMs === undefined ? null : new Date(dueAtMs).toISOString(),
    fault: fault === null ? null : storableFault(fault),
    priority: part.lane.priority,
    place: part.place,
  };
}

/** A fault quotes the vendor; what it quotes must not keep a reader from writing its books. */
export function storableFault(fault: Fault): Fault {
  return {
    ...fault,
    code: toStorable(fault.code),
    message: toStorable(fault.message),
    ...(fault.requestId === undefined ? {} : { requestId: toStorable(fault.requestId) }),
  };
}

export function deadLetterRow(
  part: Part,
  work: Pick<Work, 'flow' | 'key'>,
  fault: Fault,
  lastExchange: Exchange | undefined,
): DeadLetterRow {
  return {
    ...identityOf(part, work),
    fault: storableFault(fault),
    lastExchange: lastExchange === undefined ? null : JSON.stringify(lastExchange),
  };
}

// The cursor has passed what is parked: nobody waits to hear of it.
const parkedLane = (priority: Priority): Lane => ({ priority, finish: () => undefined });

const PARKED_LANES: Readonly<Record<Priority, Lane>> = {
  live: parkedLane('live'),
  replay: parkedLane('replay'),
  backfill: parkedLane('backfill'),
};

/** The work of a parked row; none when its flow is no longer configured. */
export function workFromParked(row: ParkedRow, connection: Connection, nowMs: number): readonly Work[] {
  const flow = connection.flows.find(({ name }) => name === row.flow);
  if (flow === undefined) return [];
  const input: unknown = JSON.parse(row.input);
  const { slot, priority, position, place, eventId, eventType, attemptCount } = row;
  const lane = PARKED_LANES[priority];
  return [
    {
      flow,
      key: row.orderKey,
      input,
      parts: [{ lane, slot, position, place, eventId, eventType, input, attempts: attemptCount, notes: [] }],
      readAtMs: nowMs,
      priority,
      isParked: true,
      isAlone: false,
    },
  ];
}
