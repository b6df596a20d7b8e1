/**
 * Sends dead letters again, or closes them. A letter that is sent again is parked as due now, with a full set of
 * attempts: so it keeps its order, ends up on record like everything else, and survives a restart. Works through any
 * number of letters in chunks, each one statement; a letter that someone else closed meanwhile is left alone.
 */
import type { Pool } from 'pg';
import { LinchpinError } from '../kernel/errors.ts';
import type { LoggedEvent } from '../kernel/event.ts';
import type { Connection, Flow, Workspace } from '../flows/workspace.ts';
import { fromRow } from '../log/index.ts';
import {
  discardDeadLetterRows,
  findDeadLetter,
  findLastOpenDeadLetter,
  listDeadLetters,
  retryDeadLetterRows,
} from '../store/queries/dead-letters.ts';
import type { DeadLetter, DeadLetterFilter, RetriedLetter } from '../store/queries/dead-letters.ts';
import { findEventsAt } from '../store/queries/people.ts';
import { sendSignal } from '../store/signals.ts';
import { explainMatch } from './explain-match.ts';
import { orderKeyOf } from './work.ts';

/** Which letters: open ones always. */
export type OpenFilter = Omit<DeadLetterFilter, 'status'>;

export interface RetryRequest {
  readonly filter: OpenFilter;
  /** `as-is` sends the inputs that failed; `remap` makes them anew from their events, with the flows as they are now. */
  readonly mode: 'as-is' | 'remap';
  /** Counts and changes nothing. */
  readonly isDryRun: boolean;
}

export interface RetryReport {
  readonly matchedCount: number;
  /** Parked again, or in a dry run, would be. */
  readonly retriedCount: number;
  /** Letters that stay open, by reason, and the first of each. */
  readonly left: readonly LeftOpen[];
}

export interface LeftOpen {
  readonly reason: string;
  readonly count: number;
  readonly firstIds: readonly number[];
}

type Decided = { readonly letter: RetriedLetter } | { readonly id: number; readonly reason: string };

// A thousand inputs of 2 kB go back and forth as some megabytes; 100,000 letters are a hundred statements.
const CHUNK = 1_000;

const FIRST_IDS = 20;

export async function retryDeadLetters(
  pool: Pool,
  workspace: Workspace,
  { filter, mode, isDryRun }: RetryRequest,
): Promise<RetryReport> {
  let matchedCount = 0;
  let retriedCount = 0;
  const left = new Map<string, { count: number; firstIds: number[] }>();
  const leave = (id: number, reason: string): void => {
    const entry = left.get(reason) ?? { count: 0, firstIds: [] };
    entry.count += 1;
    if (entry.firstIds.length < FIRST_IDS) entry.firstIds.push(id);
    left.set(reason, entry);
  };
  for await (const letters of openLetters(pool, workspace.id, filter)) {
    matchedCount += letters.length;
    const decided =
      mode === 'as-is'
        ? letters.map((letter) => asIs(letter, workspace))
        : await remap(pool, letters, workspace);
    const retried = decided.flatMap((each) => ('letter' in each ? [each.letter] : []));
    for (const each of decided) if ('reason' in each) leave(each.id, each.reason);
    if (isDryRun) {
      retriedCount += retried.length;
      continue;
    }
    const ids = new Set(await retryDeadLetterRows(pool, workspace.id, retried));
    retriedCount += ids.size;
    for (const { id } of retried) if (!ids.has(id)) leave(id, 'Someone else closed it meanwhile.');
  }
  if (retriedCount > 0 && !isDryRun) await sendSignal(pool, 'control', workspace.id);
  return {
    matchedCount,
    retriedCount,
    left: [...left].map(([reason, entry]) => ({ reason, ...entry })),
  };
}

/** Sends one letter again with another input; throws when the action does not take it. */
export async function retryEdited(
  pool: Pool,
  workspace: Workspace,
  id: number,
  input: unknown,
): Promise<{ readonly orderKey: string }> {
  const letter = await findDeadLetter(pool, workspace.id, id);
  if (letter === undefined) {
    throw new LinchpinError('delivery.dead_letter_unknown', {
      message: `There is no dead letter ${String(id)}.`,
      field: 'id',
    });
  }
  const place = findFlow(workspace, letter.flow);
  if (place === undefined) {
    throw new LinchpinError('delivery.flow_unknown', {
      message: `The flow ${letter.flow} is not configured.`,
    });
  }
  const { action } = place.flow.preset;
  const parsed = action.input.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = ['input', ...(issue?.path ?? [])].map(String).join('.');
    throw new LinchpinError('delivery.input_invalid', {
      message: `${field} of ${action.id}: ${issue?.message ?? 'is not valid'}.`,
      field,
    });
  }
  const orderKey = orderKeyOf(place.flow, parsed.data);
  const ids = await retryDeadLetterRows(pool, workspace.id, [
    {
      id,
      connection: place.connection.name,
      action: action.id,
      orderKey,
      input: JSON.stringify(parsed.data),
    },
  ]);
  if (ids.length === 0) {
    throw new LinchpinError('delivery.dead_letter_closed', {
      message: `Dead letter ${String(id)} is ${letter.status === 'open' ? 'closed' : letter.status} already.`,
    });
  }
  await sendSignal(pool, 'control', workspace.id);
  return { orderKey };
}

/** Closes what matches for good; returns how many. */
export async function discardDeadLetters(
  pool: Pool,
  workspaceId: number,
  filter: OpenFilter,
  reason: string | null,
): Promise<number> {
  const last = await findLastOpenDeadLetter(pool, workspaceId);
  let count = 0;
  for (let after = 0; after < last;) {
    const ids = await discardDeadLetterRows(
      pool,
      workspaceId,
      { ...filter, status: 'open' },
      { after, upTo: last, limit: CHUNK },
      reason,
    );
    count += ids.length;
    after = ids.at(-1) ?? last;
  }
  return count;
}

/** The open letters that match, oldest first, up to the newest of this moment: what dies meanwhile is not sent again. */
async function* openLetters(
  pool: Pool,
  workspaceId: number,
  filter: OpenFilter,
): AsyncGenerator<readonly DeadLetter[]> {
  const upTo = await findLastOpenDeadLetter(pool, workspaceId);
  for (let after = 0; after < upTo;) {
    const page = { after, upTo, limit: CHUNK };
    const letters = await listDeadLetters(pool, workspaceId, { ...filter, status: 'open' }, page);
    if (letters.length > 0) yield letters;
    after = letters.length < CHUNK ? upTo : (letters.at(-1)?.id ?? upTo);
  }
}

interface Place {
  readonly connection: Connection;
  readonly flow: Flow;
}

function findFlow(workspace: Workspace, name: string): Place | undefined {
  return workspace.connections
    .flatMap((connection) => connection.flows.map((flow) => ({ connection, flow })))
    .find(({ flow }) => flow.name === name);
}

const NOT_CONFIGURED = 'The flow is not configured any more.';

function asIs({ id, flow: name, connection, action }: DeadLetter, workspace: Workspace): Decided {
  const place = findFlow(workspace, name);
  if (place === undefined) return { id, reason: NOT_CONFIGURED };
  const { flow } = place;
  if (flow.preset.action.id !== action || place.connection.name !== connection) {
    return {
      id,
      reason: `The flow ${name} now runs ${flow.preset.action.id} of ${place.connection.name}; its events can be mapped anew.`,
    };
  }
  return { letter: { id, connection: null, action: null, orderKey: null, input: null } };
}

async function remap(
  pool: Pool,
  letters: readonly DeadLetter[],
  workspace: Workspace,
): Promise<readonly Decided[]> {
  const positions = [...new Set(letters.map(({ position }) => position))];
  const events = new Map(
    (await findEventsAt(pool, workspace.id, positions)).map(fromRow).map((event) => [event.position, event]),
  );
  return letters.map((letter) => remapOne(letter, events.get(letter.position), workspace));
}

function remapOne({ id, flow }: DeadLetter, event: LoggedEvent | undefined, workspace: Workspace): Decided {
  const place = findFlow(workspace, flow);
  if (place === undefined) return { id, reason: NOT_CONFIGURED };
  if (event === undefined) return { id, reason: 'Its event is no longer in the log.' };
  const decision = explainMatch(event, place.connection).get(place.flow);
  if (decision === undefined) return { id, reason: NOT_CONFIGURED };
  if (decision.decision !== 'input')
    return { id, reason: `The flow makes no input of it: ${decision.reason}` };
  return {
    letter: {
      id,
      connection: place.connection.name,
      action: place.flow.preset.action.id,
      orderKey: orderKeyOf(place.flow, decision.input),
      input: JSON.stringify(decision.input),
    },
  };
}
