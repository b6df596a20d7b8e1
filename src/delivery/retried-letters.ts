/**
 * What goes out for a dead letter that is sent again, or why nothing does. Where an action merges, with everything on top
 * that came later for the same key: an old letter overwrites nothing newer. That is looked up to the head of the log;
 * live readers may have sent it already, or send it again afterwards, and either way the newest value comes last.
 */
import type { LoggedEvent } from '../kernel/event.ts';
import type { Connection, Flow, Workspace } from '../flows/workspace.ts';
import { fromRow } from '../log/index.ts';
import type { Db } from '../store/db.ts';
import type { DeadLetter, RetriedLetter } from '../store/queries/dead-letters.ts';
import { findHead } from '../store/queries/events.ts';
import { findEventsAt } from '../store/queries/people.ts';
import { explainMatch } from './explain-match.ts';
import { Inherited } from './inherited.ts';
import { asOfNow, inputId, isMerging } from './replay/as-of-now.ts';
import type { AsOfNow, ReplayedInput } from './replay/as-of-now.ts';
import { findLater } from './replay/later-events.ts';
import { orderKeyOf } from './work.ts';

/** `as-is` sends the inputs that failed; `remap` makes them anew from their events, with the flows as they are now. */
export type RetryMode = 'as-is' | 'remap';

/** `reason` says why the letter stays open. */
export type Decided = { readonly letter: RetriedLetter } | { readonly id: number; readonly reason: string };

export interface Place {
  readonly connection: Connection;
  readonly flow: Flow;
}

export function findFlow(workspace: Workspace, name: string): Place | undefined {
  return workspace.connections
    .flatMap((connection) => connection.flows.map((flow) => ({ connection, flow })))
    .find(({ flow }) => flow.name === name);
}

const NOT_CONFIGURED = 'The flow is not configured any more.';
/** Why a letter cannot be sent unless it is mapped anew, or undefined when it has an input. */
export function whyUnmapped({ flow, input }: Pick<DeadLetter, 'flow' | 'input'>): string | undefined {
  if (JSON.parse(input) !== null) return undefined;
  return `Its mapping failed, so it has no input; mend the flow and map it anew: linchpin dead-letters retry --flow ${flow}.`;
}

const EVENT_GONE = 'Its event is no longer in the log.';

/** What is to be sent for a letter, before what came later is put on top. */
interface Candidate extends Place {
  readonly id: number;
  readonly event: LoggedEvent | undefined;
  readonly input: unknown;
  readonly key: string;
  /** True when the letter holds all of this already. */
  readonly isUnchanged: boolean;
}

export async function decideLetters(
  db: Db,
  letters: readonly DeadLetter[],
  workspace: Workspace,
  mode: RetryMode,
): Promise<readonly Decided[]> {
  // Inputs that do not merge go as they are, whatever came later.
  const needsEvent = ({ flow: name }: DeadLetter): boolean => {
    const place = findFlow(workspace, name);
    return mode === 'remap' || (place !== undefined && isMerging(place.flow));
  };
  const events = await eventsOf(db, letters.filter(needsEvent), workspace);
  const drafts = letters.map((letter) => {
    const event = events.get(letter.position);
    return mode === 'as-is' ? asIs(letter, event, workspace) : remap(letter, event, workspace);
  });
  const candidates = drafts.flatMap((draft) => ('reason' in draft ? [] : [draft]));
  const settled = new Map((await bringUpToDate(db, candidates)).map((each) => [idOf(each), each]));
  return drafts.flatMap((draft) => ('reason' in draft ? [draft] : (settled.get(draft.id) ?? [])));
}

/** The same for one letter with another input. */
export async function decideEdited(
  db: Db,
  letter: Pick<DeadLetter, 'id' | 'position'>,
  workspace: Workspace,
  edited: Place & Pick<Candidate, 'input' | 'key'>,
): Promise<Decided> {
  const event = (await eventsOf(db, [letter], workspace)).get(letter.position);
  const [decided] = await bringUpToDate(db, [{ ...edited, id: letter.id, event, isUnchanged: false }]);
  return decided ?? { id: letter.id, reason: EVENT_GONE };
}

function idOf(decided: Decided): number {
  return 'letter' in decided ? decided.letter.id : decided.id;
}

async function eventsOf(
  db: Db,
  letters: readonly Pick<DeadLetter, 'position'>[],
  workspace: Workspace,
): Promise<ReadonlyMap<number, LoggedEvent>> {
  if (letters.length === 0) return new Map();
  const positions = [...new Set(letters.map(({ position }) => position))];
  const events = (await findEventsAt(db, workspace.id, positions)).map(fromRow);
  return new Map(events.map((event) => [event.position, event]));
}

type Draft = Candidate | { readonly id: number; readonly reason: string };

function asIs(letter: DeadLetter, event: LoggedEvent | undefined, workspace: Workspace): Draft {
  const { id, flow: name, connection, action, orderKey: key } = letter;
  const place = findFlow(workspace, name);
  if (place === undefined) return { id, reason: NOT_CONFIGURED };
  const unmapped = whyUnmapped(letter);
  if (unmapped !== undefined) return { id, reason: unmapped };
  const today = place.flow.preset.action.id;
  if (today !== action || place.connection.name !== connection) {
    const reason = `The flow ${name} now runs ${today} of ${place.connection.name}; its events can be mapped anew.`;
    return { id, reason };
  }
  return { id, ...place, event, input: JSON.parse(letter.input) as unknown, key, isUnchanged: true };
}

function remap(letter: DeadLetter, event: LoggedEvent | undefined, workspace: Workspace): Draft {
  const { id } = letter;
  const place = findFlow(workspace, letter.flow);
  if (place === undefined) return { id, reason: NOT_CONFIGURED };
  if (event === undefined) return { id, reason: EVENT_GONE };
  const decision = explainMatch(event, place.connection).get(place.flow);
  if (decision === undefined) return { id, reason: NOT_CONFIGURED };
  if (decision.decision !== 'input') {
    return { id, reason: `The flow makes no input of it: ${decision.reason}` };
  }
  const { input } = decision;
  return { id, ...place, event, input, key: orderKeyOf(place.flow, input), isUnchanged: false };
}

/** Puts on top what came later, where the action merges. */
async function bringUpToDate(db: Db, candidates: readonly Candidate[]): Promise<readonly Decided[]> {
  const decided: Decided[] = [];
  for (const connection of new Set(candidates.map((candidate) => candidate.connection))) {
    const some = candidates.filter((candidate) => candidate.connection === connection);
    const inputs = some.flatMap(({ event, ...rest }) => (event === undefined ? [] : [{ ...rest, event }]));
    // An input can have died twice; the newest letter has it as it was last.
    const byId = new Map(inputs.map((input) => [inputId(input.flow, input.event.position), input]));
    const now = await findAsOfNow(db, connection, [...byId.values()]);
    for (const candidate of some) decided.push(toDecided(candidate, now));
  }
  return decided;
}

function toDecided(
  { id, connection, flow, event, input, key, isUnchanged }: Candidate,
  now: ReadonlyMap<string, Result>,
): Decided {
  if (!isMerging(flow)) {
    if (isUnchanged) return { letter: { id, ...UNCHANGED } };
    return { letter: toRetried(id, connection, flow, key, input) };
  }
  // Without its event nobody can tell whose it is, and what came later.
  if (event === undefined) return { id, reason: EVENT_GONE };
  const result = now.get(inputId(flow, event.position));
  if (result === undefined) return { id, reason: EVENT_GONE };
  if ('failed' in result) return { id, reason: `It cannot be brought up to date: ${result.failed}.` };
  if (isUnchanged && result.newest === event.position) return { letter: { id, ...UNCHANGED } };
  return { letter: toRetried(id, connection, flow, key, result.input, result.newest) };
}

const UNCHANGED = { connection: null, action: null, orderKey: null, input: null, place: null } as const;

function toRetried(
  id: number,
  connection: Connection,
  flow: Flow,
  orderKey: string,
  input: unknown,
  place: number | null = null,
): RetriedLetter {
  const action = flow.preset.action.id;
  return { id, connection: connection.name, action, orderKey, input: JSON.stringify(input), place };
}

// One look fetches a bounded number of later events; with two hundred people they may have ten each.
const INPUTS_PER_LOOK = 200;

type Result = AsOfNow | { readonly failed: string };

/** By `inputId`; inputs of actions that do not merge are not among them. */
async function findAsOfNow(
  db: Db,
  connection: Connection,
  inputs: readonly ReplayedInput[],
): Promise<ReadonlyMap<string, Result>> {
  const merging = inputs.filter(({ flow }) => isMerging(flow));
  const now = new Map<string, Result>();
  if (merging.length === 0) return now;
  const head = await findHead(db, connection.workspaceId);
  const live = { position: head, done: new Inherited([]), doneTo: head };
  const look = async (some: readonly ReplayedInput[]): Promise<void> => {
    const later = await findLater(db, connection, some, live);
    if (later !== undefined) {
      for (const [id, result] of asOfNow(some, later, connection)) now.set(id, result);
      return;
    }
    const [first] = some;
    if (some.length === 1 && first !== undefined) {
      const failed = 'too many events of the same person came later; send it by a replay instead';
      now.set(inputId(first.flow, first.event.position), { failed });
      return;
    }
    const middle = Math.ceil(some.length / 2);
    await look(some.slice(0, middle));
    await look(some.slice(middle));
  };
  for (let from = 0; from < merging.length; from += INPUTS_PER_LOOK) {
    await look(merging.slice(from, from + INPUTS_PER_LOOK));
  }
  return now;
}
