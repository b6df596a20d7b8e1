/**
 * Sends dead letters again, or closes them. A letter that is sent again is parked as due now, with a full set of
 * attempts: so it keeps its order, ends up on record like everything else, and survives a restart. Where the action merges,
 * it carries what came later too, so that nothing newer is overwritten (`retried-letters.ts`). Works through any number of letters in chunks, each one statement; a letter that someone else closed meanwhile is left alone.
 */
import type { Pool } from 'pg';
import { LinchpinError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { unknownFields } from '../kit/index.ts';
import type { AnyAction } from '../kit/index.ts';
import type { Workspace } from '../flows/workspace.ts';
import {
  discardDeadLetterRows,
  findDeadLetter,
  findDeadLetterStatuses,
  findLastOpenDeadLetter,
  listDeadLetters,
  retryDeadLetterRows,
} from '../store/queries/dead-letters.ts';
import type { DeadLetter, DeadLetterFilter } from '../store/queries/dead-letters.ts';
import { sendSignal } from '../store/signals.ts';
import { decideEdited, decideLetters, findFlow, whyUnmapped } from './retried-letters.ts';
import type { RetryMode } from './retried-letters.ts';
import { orderKeyOf } from './work.ts';

/** Which letters: open ones always. */
export type OpenFilter = Omit<DeadLetterFilter, 'status'>;

export interface RetryRequest {
  readonly filter: OpenFilter;
  readonly mode: RetryMode;
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
    const decided = await decideLetters(pool, letters, workspace, mode);
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
  if (letter === undefined) throw unknownLetter(id);
  if (letter.status !== 'open') throw closed(id, letter.status);
  const place = findFlow(workspace, letter.flow);
  if (place === undefined) {
    throw new LinchpinError('delivery.flow_unknown', {
      message: `The flow ${letter.flow} is not configured.`,
    });
  }
  const unmapped = whyUnmapped(letter);
  if (unmapped !== undefined) throw stuck(id, unmapped);
  const { action } = place.flow.preset;
  const parsed = parseEdited(action, input);
  const orderKey = orderKeyOf(place.flow, parsed);
  const decided = await decideEdited(pool, letter, workspace, { ...place, key: orderKey, input: parsed });
  if ('reason' in decided) throw stuck(id, decided.reason);
  const ids = await retryDeadLetterRows(pool, workspace.id, [decided.letter]);
  if (ids.length === 0) throw closed(id, 'closed');
  await sendSignal(pool, 'control', workspace.id);
  return { orderKey };
}

/** An input made by hand; throws with the first field that the action does not take. */
function parseEdited(action: AnyAction, input: unknown): unknown {
  const [unknown] = isJsonObject(input) ? unknownFields(action, Object.keys(input)) : [];
  if (unknown !== undefined) {
    const { name, message } = unknown;
    throw new LinchpinError('delivery.input_invalid', { message, field: `input.${name}` });
  }
  const parsed = action.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = ['input', ...(issue?.path ?? [])].map(String).join('.');
  throw new LinchpinError('delivery.input_invalid', {
    message: `${field} of ${action.id}: ${issue?.message ?? 'is not valid'}.`,
    field,
  });
}

/** Throws when one of the letters is not there, or not open any more. Asked for by number, it is meant. */
export async function assertOpen(pool: Pool, workspaceId: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const statuses = await findDeadLetterStatuses(pool, workspaceId, ids);
  for (const id of ids) {
    const status = statuses.get(id);
    if (status === undefined) throw unknownLetter(id);
    if (status !== 'open') throw closed(id, status);
  }
}

function unknownLetter(id: number): LinchpinError {
  return new LinchpinError('delivery.dead_letter_unknown', {
    message: `There is no dead letter ${String(id)}.`,
    field: 'id',
  });
}

function stuck(id: number, reason: string): LinchpinError {
  return new LinchpinError('delivery.dead_letter_stuck', {
    message: `Dead letter ${String(id)} cannot be sent again. ${reason}`,
  });
}

function closed(id: number, how: string): LinchpinError {
  return new LinchpinError('delivery.dead_letter_closed', {
    message: `Dead letter ${String(id)} is ${how} already.`,
  });
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
