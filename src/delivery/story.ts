/**
 * What became of one event, from the record: when it came and came again, what each flow made of it, every attempt
 * with what was sent and answered, and where it stands now.
 */
import type { LoggedEvent } from '../kernel/event.ts';
import { findMark } from '../kernel/find-mark.ts';
import type { Workspace } from '../flows/workspace.ts';
import { fromRow, slotOf } from '../log/index.ts';
import { isCut } from '../outbound/index.ts';
import type { Exchange } from '../outbound/index.ts';
import type { Db } from '../store/db.ts';
import { findAttemptsAt, listAttempts } from '../store/queries/attempts.ts';
import type { AttemptFilter } from '../store/queries/attempts.ts';
import { listDeadLettersAt } from '../store/queries/dead-letters.ts';
import type { DeadLetter } from '../store/queries/dead-letters.ts';
import { listDuplicates } from '../store/queries/duplicates.ts';
import type { Duplicates } from '../store/queries/duplicates.ts';
import { findEventById } from '../store/queries/events.ts';
import { listParkedAt, listReadersOfSlot } from '../store/queries/standing.ts';
import type { ParkedAt, ReaderOfSlot } from '../store/queries/standing.ts';
import { ATTEMPT_SPAN_MAX, parseAttempt } from './attempt-record.ts';
import type { Attempt, AttemptItem } from './attempt-record.ts';
import { explainMatch } from './explain-match.ts';
import type { Decision } from './explain-match.ts';
import { standingOf } from './standing.ts';
import type { Standing } from './standing.ts';
import { orderKeyOf } from './work.ts';

/** One flow's part in the story: what it makes of the event today, and what came of what it made then. */
export interface FlowStory {
  readonly connection: string;
  readonly flow: string;
  readonly action: string;
  readonly decision: Decision['decision'] | 'not configured';
  readonly reason?: string;
  readonly input?: unknown;
  readonly notes?: readonly string[];
  readonly standing: Standing;
}

export interface StoryExchange extends Exchange {
  /** False when the body was cut and the part of this event is not in what was kept. */
  readonly holdsEvent: boolean;
}

export interface StoryAttempt extends Attempt {
  /** What tells the event's input from the others in a body: its trace id, record, order key. */
  readonly marks: readonly string[];
  readonly exchanges: readonly StoryExchange[];
}

export interface Story {
  readonly event: LoggedEvent;
  readonly duplicates: Duplicates;
  readonly flows: readonly FlowStory[];
  /** Oldest first; `items` holds those of this event only. */
  readonly attempts: readonly StoryAttempt[];
  readonly parked: readonly ParkedAt[];
  readonly deadLetters: readonly DeadLetter[];
}

// A sender that repeats itself for a day fills no more than a screen; the count tells the rest.
const DUPLICATES_SHOWN = 20;

/** The story of the event with this id; `undefined` when the log does not hold it. */
export async function tellStory(db: Db, workspace: Workspace, eventId: string): Promise<Story | undefined> {
  const row = await findEventById(db, workspace.id, eventId);
  if (row === undefined) return undefined;
  const event = fromRow(row);
  const positions = [event.position];
  const names = workspace.connections.map(({ name }) => name);
  const slot = slotOf(event.personKey);
  // One after another: a transaction's connection takes one statement at a time, and each is a matter of a millisecond.
  const duplicates = await listDuplicates(db, workspace.id, eventId, DUPLICATES_SHOWN);
  const attempts = await findAttemptsOf(db, workspace.id, [event], true);
  const parked = await listParkedAt(db, workspace.id, names, positions);
  const deadLetters = await listDeadLettersAt(db, workspace.id, positions);
  const readers = await listReadersOfSlot(db, workspace.id, slot);
  const onRecord = { attempts, parked, deadLetters, readers };
  const flows = flowsOf(event, workspace, onRecord);
  return {
    event,
    duplicates,
    flows,
    attempts: attempts.map((attempt) => withMarks(attempt, event, workspace)),
    parked,
    deadLetters,
  };
}

/** Attempts that hold one of the events, oldest first, with the items of those events only. */
export async function findAttemptsOf(
  db: Db,
  workspaceId: number,
  events: readonly LoggedEvent[],
  withExchanges: boolean,
): Promise<readonly Attempt[]> {
  if (events.length === 0) return [];
  const since = events.map(({ receivedAt }) => receivedAt).reduce((a, b) => (a < b ? a : b));
  const positions = events.map(({ position }) => position);
  const wanted = new Set(positions);
  const found = await findAttemptsAt(db, workspaceId, {
    positions,
    since,
    spanMax: ATTEMPT_SPAN_MAX,
    withExchanges,
  });
  return found
    .map(parseAttempt)
    .map((attempt) => ({
      ...attempt,
      items: attempt.items
        .filter((item) => wanted.has(item.position))
        .map((item) => ({ ...item, ...companyOf(item, attempt.items) })),
    }))
    .filter((attempt) => attempt.items.length > 0);
}

/** The events whose inputs were merged with this item's. */
function companyOf(item: AttemptItem, items: readonly AttemptItem[]): Pick<AttemptItem, 'mergedWith'> {
  const headOf = ({ position, mergedInto }: AttemptItem): number => mergedInto ?? position;
  const company = items.filter((other) => other !== item && headOf(other) === headOf(item));
  return company.length === 0 ? {} : { mergedWith: company.map(({ eventId }) => eventId) };
}

export interface RecordOfEvents {
  readonly attempts: readonly Attempt[];
  readonly parked: readonly ParkedAt[];
  readonly deadLetters: readonly DeadLetter[];
  readonly readers: readonly ReaderOfSlot[];
}

/** Every flow of the workspace, and those of the past that left something on record of the event. */
export function flowsOf(
  event: LoggedEvent,
  workspace: Workspace,
  { attempts, parked, deadLetters, readers }: RecordOfEvents,
): readonly FlowStory[] {
  const { position } = event;
  const standing = (
    { connection, flow }: Pick<FlowStory, 'connection' | 'flow'>,
    decision: FlowStory['decision'],
  ): Standing => {
    const isIts = (row: { readonly connection: string; readonly flow: string }): boolean =>
      row.connection === connection && row.flow === flow;
    return standingOf({
      position,
      slot: slotOf(event.personKey),
      attempts: attempts.filter(
        (attempt) => isIts(attempt) && attempt.items.some((item) => item.position === position),
      ),
      parked: parked.find((row) => isIts(row) && row.position === position),
      deadLetters: deadLetters.filter((row) => isIts(row) && row.position === position),
      reader: readers.find((reader) => reader.connection === connection),
      suspended: workspace.connections.find(({ name }) => name === connection)?.suspended?.fault ?? null,
      decision,
    });
  };
  const configured = workspace.connections.flatMap((connection) =>
    [...explainMatch(event, connection)].map(([flow, decision]): FlowStory => {
      const names = { connection: connection.name, flow: flow.name, action: flow.preset.action.id };
      return { ...names, ...decision, standing: standing(names, decision.decision) };
    }),
  );
  const isConfigured = new Set(configured.map(({ connection, flow }) => JSON.stringify([connection, flow])));
  const former = new Map(
    [
      ...attempts.filter((attempt) => attempt.items.some((item) => item.position === position)),
      ...[...parked, ...deadLetters].filter((row) => row.position === position),
    ]
      .map(({ connection, flow, action }) => ({ connection, flow, action }))
      .map((names) => [JSON.stringify([names.connection, names.flow]), names] as const)
      .filter(([key]) => !isConfigured.has(key)),
  );
  return [
    ...configured,
    ...[...former.values()].map((names): FlowStory => ({
      ...names,
      decision: 'not configured',
      reason: 'The workspace no longer has this flow.',
      standing: standing(names, 'not configured'),
    })),
  ];
}

function withMarks(attempt: Attempt, event: LoggedEvent, workspace: Workspace): StoryAttempt {
  const connection = workspace.connections.find(({ name }) => name === attempt.connection);
  const flow = connection?.flows.find(({ name }) => name === attempt.flow);
  const decision =
    flow === undefined || connection === undefined ? undefined : explainMatch(event, connection).get(flow);
  const marks = [
    ...attempt.items.flatMap(({ position, mergedInto, remoteId = [] }) => [
      `"${String(mergedInto ?? position)}"`,
      ...[remoteId].flat(),
    ]),
    // The key stands behind the name of its action.
    ...(flow !== undefined && decision?.decision === 'input'
      ? [orderKeyOf(flow, decision.input).slice(`${flow.preset.action.id} `.length)]
      : []),
  ].filter((mark) => mark !== '');
  const exchanges = ownExchanges(attempt);
  // Of a row that several runs share, the time is that of the first of them.
  const isShared = attempt.items.some(({ exchange }) => exchange !== undefined);
  return {
    ...attempt,
    startedAt: (isShared ? exchanges[0]?.startedAt : undefined) ?? attempt.startedAt,
    marks,
    exchanges: exchanges.map((exchange) => ({
      ...exchange,
      holdsEvent: !isCut(exchange.requestBody) || findMark(exchange.requestBody, marks) >= 0,
    })),
  };
}

/** Of a row that several runs share, those of the items that are left. */
function ownExchanges({ items, exchanges }: Attempt): readonly Exchange[] {
  return exchanges.filter((_, index) =>
    items.some(({ exchange }) => exchange === undefined || exchange === index),
  );
}

/** A page of attempts, newest first, and where the next begins if there may be more. */
export async function listDeliveries(
  db: Db,
  workspaceId: number,
  filter: AttemptFilter,
): Promise<{ readonly attempts: readonly Attempt[]; readonly nextBefore: number | undefined }> {
  const { attempts, nextBefore } = await listAttempts(db, workspaceId, filter);
  return { attempts: attempts.map(parseAttempt), nextBefore };
}
