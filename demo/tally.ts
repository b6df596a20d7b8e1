/** What the day came to, from Linchpin's own record and HubSpot's journal. */
import { listDeliveries } from '../src/delivery/index.ts';
import type { Attempt } from '../src/delivery/index.ts';
import type { Db } from '../src/store/db.ts';
import { findEvents } from '../src/store/queries/find-events.ts';
import { countEvents, listProgress } from '../src/store/queries/summary.ts';

export interface Tally {
  readonly receivedCount: number;
  readonly derivedCount: number;
  readonly rejectedByVendor: number;
  /** Inputs that reached HubSpot, several events of one contact counted each. */
  readonly deliveredCount: number;
  readonly mergedIntoCalls: number;
  /** Reason of a skip → how many. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly retriedCount: number;
  readonly deadLetterCount: number;
  readonly leftOut: ReadonlyMap<string, number>;
  readonly typicalMs: number;
  readonly slowestMs: number;
  /** An event whose story is worth a look: one that had to be sent again, when there is one. */
  readonly exampleEventId: string | undefined;
}

const DERIVED = new Set(['subscriber.changed', 'checkout.confirmed']);

// More than a demo day ever makes.
const ALL = 1_000_000;

const PAGE = 1_000;

export async function tally(db: Db, workspaceId: number, connection: string): Promise<Tally> {
  const counts = await countEvents(db, workspaceId);
  const attempts = await listAttempts(db, workspaceId, connection);
  const items = attempts.flatMap((attempt) => attempt.items.map((item) => ({ ...item, attempt })));
  const delivered = items.filter((item) => item.outcome === 'delivered');
  const retried = items.filter((item) => item.outcome === 'retry');
  const progress = (await listProgress(db, workspaceId)).find((reader) => reader.connection === connection);
  const delays = await delaysOf(db, workspaceId, delivered);
  const sum = (isWanted: (type: string) => boolean): number =>
    counts.filter(({ type }) => isWanted(type)).reduce((total, { count }) => total + count, 0);
  return {
    receivedCount: sum((type) => !DERIVED.has(type)),
    derivedCount: sum((type) => DERIVED.has(type)),
    rejectedByVendor: items.filter((item) => item.outcome === 'rejected').length,
    deliveredCount: delivered.length,
    mergedIntoCalls: attempts.filter((attempt) => attempt.deliveredCount > 0).length,
    skipped: countBy(items.filter((item) => item.outcome === 'skipped').map((item) => item.reason ?? '')),
    retriedCount: new Set(retried.map((item) => item.position)).size,
    deadLetterCount: progress?.deadLetters ?? 0,
    leftOut: countBy(delivered.flatMap((item) => item.notes ?? [])),
    typicalMs: delays[Math.floor(delays.length / 2)] ?? 0,
    slowestMs: delays.at(-1) ?? 0,
    exampleEventId: (retried[0] ?? delivered[0])?.eventId,
  };
}

async function listAttempts(db: Db, workspaceId: number, connection: string): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  let before: number | undefined;
  do {
    const filter = { connection, limit: PAGE, ...(before === undefined ? {} : { before }) };
    const page = await listDeliveries(db, workspaceId, filter);
    attempts.push(...page.attempts);
    before = page.nextBefore;
  } while (before !== undefined);
  return attempts;
}

/** Milliseconds from the moment something happened to the end of the call that told HubSpot, sorted. */
async function delaysOf(
  db: Db,
  workspaceId: number,
  delivered: readonly { readonly position: number; readonly attempt: Attempt }[],
): Promise<readonly number[]> {
  const happenedAtMs = new Map<number, number>();
  for (const [position, , , , , , occurredAt] of await findEvents(db, workspaceId, {}, 0, ALL)) {
    happenedAtMs.set(position, Date.parse(occurredAt.replace(' ', 'T').replace('+00', 'Z')));
  }
  return delivered
    .map(({ position, attempt }) => {
      const endedAtMs = new Date(attempt.startedAt).getTime() + attempt.durationMs;
      return endedAtMs - (happenedAtMs.get(position) ?? endedAtMs);
    })
    .sort((a, b) => a - b);
}

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
