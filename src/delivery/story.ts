/** What became of one event, from the record: every flow, every attempt, and what is still open. */
import type { LoggedEvent } from '../kernel/event.ts';
import type { Workspace } from '../flows/workspace.ts';
import { fromRow } from '../log/index.ts';
import type { Exchange } from '../outbound/index.ts';
import type { Db } from '../store/db.ts';
import { findAttemptsAt, listAttempts } from '../store/queries/attempts.ts';
import type { StoredAttempt } from '../store/queries/attempts.ts';
import { listDeadLettersOfEvent } from '../store/queries/dead-letters.ts';
import type { DeadLetter } from '../store/queries/dead-letters.ts';
import { findEventById } from '../store/queries/events.ts';
import { listParkedOfEvent } from '../store/queries/parked.ts';
import type { ParkedRow } from '../store/queries/parked.ts';
import { ATTEMPT_SPAN_MAX } from './attempt-record.ts';
import type { AttemptItem } from './attempt-record.ts';
import { matchEvent } from './match.ts';

/** One run of an action, parsed; `items` holds all inputs of its batch. */
export interface Attempt extends Omit<StoredAttempt, 'items' | 'exchanges'> {
  readonly items: readonly AttemptItem[];
  readonly exchanges: readonly Exchange[];
}

export interface FlowDecision {
  readonly connection: string;
  readonly flow: string;
  /** What the flow makes of the event today; the attempts say what it made then. */
  readonly decision: 'input' | 'skip' | 'failed' | 'not matched';
  readonly reason?: string;
  readonly input?: unknown;
}

export interface Story {
  readonly event: LoggedEvent;
  readonly flows: readonly FlowDecision[];
  /** Oldest first; `items` holds those of this event only. */
  readonly attempts: readonly Attempt[];
  readonly parked: readonly (ParkedRow & { readonly connection: string })[];
  readonly deadLetters: readonly DeadLetter[];
}

/** The story of the event with this id; `undefined` when the log does not hold it. */
export async function tellStory(db: Db, workspace: Workspace, eventId: string): Promise<Story | undefined> {
  const row = await findEventById(db, workspace.id, eventId);
  if (row === undefined) return undefined;
  const event = fromRow(row);
  const attempts = (await findAttemptsAt(db, workspace.id, event.position, ATTEMPT_SPAN_MAX)).map(
    parseAttempt,
  );
  return {
    event,
    flows: decisionsOn(event, workspace),
    attempts: attempts
      .map((attempt) => ({
        ...attempt,
        items: attempt.items.filter((item) => item.position === event.position),
      }))
      .filter((attempt) => attempt.items.length > 0),
    parked: await listParkedOfEvent(db, workspace.id, event.position),
    deadLetters: await listDeadLettersOfEvent(db, workspace.id, event.position),
  };
}

export interface DeliveryFilter {
  readonly connection?: string;
  readonly outcome?: 'delivered' | 'skipped' | 'retry' | 'rejected';
  /** Attempts to look at, newest first. */
  readonly limit: number;
}

/** The newest attempts first. */
export async function listDeliveries(
  db: Db,
  workspaceId: number,
  filter: DeliveryFilter,
): Promise<readonly Attempt[]> {
  return (await listAttempts(db, workspaceId, filter)).map(parseAttempt);
}

function parseAttempt({ items, exchanges, ...attempt }: StoredAttempt): Attempt {
  return {
    ...attempt,
    items: JSON.parse(items) as readonly AttemptItem[], // Written by toAttemptRows only.
    exchanges: JSON.parse(exchanges) as readonly Exchange[],
  };
}

function decisionsOn(event: LoggedEvent, workspace: Workspace): readonly FlowDecision[] {
  return workspace.connections.flatMap((connection) => {
    const matches = new Map(matchEvent(event, connection).map(({ flow, mapped }) => [flow, mapped]));
    return connection.flows.map((flow): FlowDecision => {
      const names = { connection: connection.name, flow: flow.name };
      const mapped = matches.get(flow);
      if (mapped?.kind === 'input') return { ...names, decision: 'input', input: mapped.input };
      if (mapped?.kind === 'skip') return { ...names, decision: 'skip', reason: mapped.reason };
      if (mapped?.kind === 'failed') return { ...names, decision: 'failed', reason: mapped.fault.message };
      return {
        ...names,
        decision: 'not matched',
        reason: whyNot(event, flow.source, flow.preset.when.types),
      };
    });
  });
}

function whyNot(event: LoggedEvent, source: string, types: readonly string[]): string {
  if (event.source !== source) return `It takes events of ${source}, not of ${event.source}.`;
  if (!types.includes(event.type)) return `It takes ${types.join(', ')}, not ${event.type}.`;
  return `It does not take events named ${event.name ?? '(none)'}.`;
}
