/**
 * What became of a person's events across connections: under which keys they came, the newest of them with their
 * fate for each flow, and what is parked or dead.
 */
import type { LoggedEvent } from '../kernel/event.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { JsonValue } from '../kernel/json.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Workspace } from '../flows/workspace.ts';
import { fromRow, slotOf } from '../log/index.ts';
import type { Db } from '../store/db.ts';
import { listDeadLettersAt } from '../store/queries/dead-letters.ts';
import type { DeadLetter } from '../store/queries/dead-letters.ts';
import { findHead } from '../store/queries/events.ts';
import {
  findPersonKeysMentioning,
  listEventsOfPerson,
  listPositionsOfPerson,
} from '../store/queries/people.ts';
import { listParkedAt, listReadersOfSlot } from '../store/queries/standing.ts';
import type { ParkedAt } from '../store/queries/standing.ts';
import type { Standing } from './standing.ts';
import { findAttemptsOf, flowsOf } from './story.ts';
import type { FlowStory } from './story.ts';

export interface PersonEvent {
  readonly event: LoggedEvent;
  /** Flows that the event was for. */
  readonly flows: readonly Pick<FlowStory, 'connection' | 'flow' | 'standing'>[];
}

export interface ConnectionOfPerson {
  readonly connection: string;
  readonly suspended: Fault | null;
  /** The newest event that the connection has finished with, or given up. */
  readonly latest: { readonly eventId: string; readonly flow: string; readonly standing: Standing } | null;
  readonly parkedCount: number;
  readonly deadCount: number;
}

export interface PersonStory {
  /** What the log files the person's events under. */
  readonly personKeys: readonly string[];
  /** Ids and addresses that those events name, the newest first. */
  readonly keysSeen: readonly { readonly kind: KeyKind; readonly value: string }[];
  /** Newest first. */
  readonly events: readonly PersonEvent[];
  readonly connections: readonly ConnectionOfPerson[];
  readonly parked: readonly ParkedAt[];
  /** Open ones. */
  readonly deadLetters: readonly DeadLetter[];
}

export type KeyKind = 'user id' | 'email' | 'anonymous id';

// Events are filed under a user id before an address: a person known by both has one key, now and then two or three
// when the site learnt the id later.
const PERSON_KEYS_MAX = 5;

// How many of a person's events are looked at for what is parked or dead.
const OPEN_EVENTS_MAX = 1_000;

// How far back bodies, of 1 kB as a rule, are looked through for an address.
const MENTIONS_AMONG = 5_000;

/** The story of whoever is known by this id or address; `undefined` when no event in reach names them. */
export async function tellPerson(
  db: Db,
  workspace: Workspace,
  idOrEmail: string,
  limit: number,
): Promise<PersonStory | undefined> {
  const personKeys = await findPersonKeys(db, workspace, idOrEmail.trim().toLowerCase());
  const events: LoggedEvent[] = [];
  const positions: number[] = [];
  for (const key of personKeys) {
    events.push(...(await listEventsOfPerson(db, workspace.id, key, limit)).map(fromRow));
    positions.push(...(await listPositionsOfPerson(db, workspace.id, key, OPEN_EVENTS_MAX)));
  }
  if (events.length === 0) return undefined;
  const newest = events.sort((a, b) => b.position - a.position).slice(0, limit);
  const names = workspace.connections.map(({ name }) => name);
  const attempts = await findAttemptsOf(db, workspace.id, newest, false);
  const parked = await listParkedAt(db, workspace.id, names, positions);
  const deadLetters = await listDeadLettersAt(db, workspace.id, positions);
  const readersOf = new Map<number, Awaited<ReturnType<typeof listReadersOfSlot>>>();
  for (const slot of new Set(newest.map(({ personKey }) => slotOf(personKey)))) {
    readersOf.set(slot, await listReadersOfSlot(db, workspace.id, slot));
  }
  const told = newest.map((event): PersonEvent => {
    const readers = readersOf.get(slotOf(event.personKey)) ?? [];
    return {
      event,
      flows: flowsOf(event, workspace, { attempts, parked, deadLetters, readers })
        .filter(({ standing }) => standing.kind !== 'not matched')
        .map(({ connection, flow, standing }) => ({ connection, flow, standing })),
    };
  });
  const open = deadLetters.filter(({ status }) => status === 'open');
  return {
    personKeys: personKeys.filter((key) => events.some(({ personKey }) => personKey === key)),
    keysSeen: keysSeenIn(newest),
    events: told,
    connections: workspace.connections.map(({ name, suspended }) => ({
      connection: name,
      suspended: suspended?.fault ?? null,
      latest: latestOf(told, name),
      parkedCount: parked.filter(({ connection }) => connection === name).length,
      deadCount: open.filter(({ connection }) => connection === name).length,
    })),
    parked,
    deadLetters: open,
  };
}

/** The key itself, and for an address those whose events mention it. */
async function findPersonKeys(db: Db, workspace: Workspace, key: string): Promise<readonly string[]> {
  if (!key.includes('@')) return [key];
  const flows = workspace.connections.flatMap((connection) => connection.flows);
  const actions = [...new Set(flows.map(({ preset }) => preset.action.id))];
  const head = await findHead(db, workspace.id);
  const found = await findPersonKeysMentioning(db, workspace.id, {
    text: JSON.stringify(key),
    from: head - MENTIONS_AMONG + 1,
    to: head,
    orderKeys: actions.map((action) => `${action} ${key}`),
    connections: workspace.connections.map(({ name }) => name),
    actions,
    limit: PERSON_KEYS_MAX,
  });
  return [...new Set([key, ...found])];
}

const SETTLED = new Set<Standing['kind']>(['delivered', 'skipped', 'dead', 'discarded', 'refused']);

function latestOf(events: readonly PersonEvent[], connection: string): ConnectionOfPerson['latest'] {
  for (const { event, flows } of events) {
    const found = flows.find((each) => each.connection === connection && SETTLED.has(each.standing.kind));
    if (found !== undefined) return { eventId: event.id, flow: found.flow, standing: found.standing };
  }
  return null;
}

/** Where events of every kind keep ids and addresses. */
const PLACES: readonly (readonly [KeyKind, ...string[]])[] = [
  ['user id', 'userId'],
  ['anonymous id', 'anonymousId'],
  ['email', 'traits', 'email'],
  ['email', 'context', 'traits', 'email'],
  ['email', 'properties', 'email'],
  ['email', 'snapshot', 'person', 'email'],
  ['email', 'person', 'email'],
];

function keysSeenIn(events: readonly LoggedEvent[]): PersonStory['keysSeen'] {
  const seen = new Map<string, { readonly kind: KeyKind; readonly value: string }>();
  for (const { payload } of events) {
    for (const [kind, ...path] of PLACES) {
      const value = path.reduce<JsonValue | undefined>(
        (at, name) => (at !== undefined && isJsonObject(at) ? at[name] : undefined),
        payload,
      );
      if (typeof value === 'string' && value !== '') seen.set(`${kind} ${value}`, { kind, value });
    }
  }
  return [...seen.values()];
}
