/** Looks over the readers of a workspace: whether anything is delivered, and what keeps it. */
import type { Pool } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import { DAY_MS } from '../store/partitions.ts';
import { listOldestDeadLetters, listOutages, listSuspensions } from '../store/queries/health.ts';
import type { Outage, Suspension } from '../store/queries/health.ts';
import { COUNT_MAX, listProgress } from '../store/queries/summary.ts';
import type { ReaderProgress } from '../store/queries/summary.ts';
import { FORGOTTEN_DAYS } from '../store/retention.ts';
import { formatCount, formatDuration } from './amounts.ts';
import type { Finding } from './finding.ts';

/** All that is known of one reader. */
interface Reader extends ReaderProgress {
  readonly suspension: Suspension | undefined;
  readonly outage: Outage | undefined;
  readonly oldestDead: Date | undefined;
}

export async function examineReaders(
  pool: Pool,
  clock: Clock,
  workspace: { readonly id: number; readonly name: string },
): Promise<readonly Finding[]> {
  const { id, name } = workspace;
  const suspensions = new Map((await listSuspensions(pool, id)).map((each) => [each.connection, each]));
  const outages = new Map((await listOutages(pool, id)).map((each) => [each.connection, each]));
  const oldestDead = await listOldestDeadLetters(pool, id);
  return (await listProgress(pool, id)).map((progress) => {
    const { connection } = progress;
    const reader: Reader = {
      ...progress,
      suspension: suspensions.get(connection),
      outage: outages.get(connection),
      oldestDead: oldestDead.get(connection),
    };
    const { level, reason, remedy } = judge(reader, clock) ?? { level: 'fine' };
    const text = describeProgress(progress);
    return {
      level,
      topic: `reader ${name}/${connection}`,
      text: reason === undefined ? text : `${reason}. ${text}`,
      ...(remedy === undefined ? {} : { remedy }),
    };
  });
}

interface Judgement {
  readonly level: Finding['level'];
  /** What the numbers do not say by themselves. */
  readonly reason?: string;
  readonly remedy?: string;
}

// Beyond this a reader is not merely busy: HubSpot takes some 1,900 contacts a second at the best plan.
const BEHIND_MAX = 100_000;

// Beyond this somebody waits for what is usually there within seconds.
const LAG_MAX_MS = 5 * 60_000;

/** The gravest of what keeps a reader from delivering; `undefined` when nothing does. */
function judge(reader: Reader, clock: Clock): Judgement | undefined {
  const { connection, suspension, outage, isRead, behind, parked, deadLetters } = reader;
  const { shardCount, ownedCount } = reader;
  if (suspension !== undefined) {
    return {
      level: 'act',
      reason: `Suspended since ${suspension.suspendedAt.toISOString()}: ${saidBy(suspension)}`,
      remedy:
        'Correct the credential in linchpin.yaml and apply it; linchpin connectors test says what is wrong.',
    };
  }
  if (isRead && ownedCount === 0) {
    const remedy = 'Start linchpin up, or linchpin worker: until then nothing is delivered.';
    return { level: 'act', reason: 'No worker reads', remedy };
  }
  if (outage !== undefined && behind + parked > 0) {
    const remedy = `Nothing, if it ends: calls come back by themselves. See linchpin deliveries list --connection ${connection}.`;
    return {
      level: 'look',
      reason: `Vendor down since ${outage.since.toISOString()}${outage.fault === null ? '' : `: ${saidBy({ fault: outage.fault })}`}`,
      remedy,
    };
  }
  if (deadLetters > 0) return { level: 'look', remedy: adviseOnDeadLetters(reader.oldestDead, clock) };
  if (isRead && ownedCount < shardCount) {
    const remedy = 'A worker takes them within ten seconds; if none does, start linchpin worker.';
    const waiting = shardCount - ownedCount;
    return {
      level: 'look',
      reason: `${String(waiting)} of ${String(shardCount)} shards wait for a worker`,
      remedy,
    };
  }
  if (behind > BEHIND_MAX || (behind > 0 && reader.behindSeconds * 1_000 > LAG_MAX_MS)) {
    const remedy = `Nothing, if it shrinks; else linchpin_limit_used of the metrics tells whether the vendor's limit is used up, and linchpin deliveries list --connection ${connection} what is answered.`;
    return { level: 'look', remedy };
  }
  return undefined;
}

function saidBy({ fault }: Pick<Suspension, 'fault'>): string {
  return `${fault.message} (${fault.code})`;
}

function describeProgress(progress: ReaderProgress): string {
  const { parked, deadLetters } = progress;
  return `${describeLag(progress)}, ${orMore(parked)} parked, ${orMore(deadLetters)} dead ${deadLetters === 1 ? 'letter' : 'letters'}`;
}

function describeLag({ isRead, behind, isExact, behindSeconds }: ReaderProgress): string {
  if (!isRead) return 'Not read, because no flow sends to it';
  const about = isExact ? '' : 'about ';
  const age = behind === 0 ? '' : `, the first for ${formatDuration(behindSeconds * 1_000)}`;
  return `${about}${formatCount(behind, 'event')} behind${age}`;
}

function orMore(count: number): string {
  return count < COUNT_MAX ? count.toLocaleString('en') : `${COUNT_MAX.toLocaleString('en')} or more`;
}

/** Dead letters keep their events for a time only, and then cannot be mapped anew. */
function adviseOnDeadLetters(oldest: Date | undefined, clock: Clock): string {
  const ageMs = oldest === undefined ? 0 : clock.now() - oldest.getTime();
  if (ageMs < FORGOTTEN_DAYS * DAY_MS) return 'See linchpin dead-letters list.';
  return `See linchpin dead-letters list. The oldest is ${formatDuration(ageMs)} old: ${String(FORGOTTEN_DAYS)} days beyond the retention its event goes, and with it the chance to map it anew.`;
}
