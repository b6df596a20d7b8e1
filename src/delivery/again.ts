/**
 * Sends events of the past again on request. They are parked as due now, so they keep their order, spend attempts
 * and end up on record like everything else, and they survive a restart.
 */
import type { Pool } from 'pg';
import type { Connection } from '../flows/workspace.ts';
import { fromRow, slotOf } from '../log/index.ts';
import { findEvents } from '../store/queries/events.ts';
import type { EventFilter } from '../store/queries/events.ts';
import { upsertParked } from '../store/queries/parked.ts';
import type { ParkedRow } from '../store/queries/parked.ts';
import { sendSignal } from '../store/signals.ts';
import { matchEvent } from './match.ts';
import { parkedRow } from './parked-work.ts';
import { newWork } from './work.ts';
import type { Lane, Part } from './work.ts';

// Due now, whatever the clocks of the database and of the worker say.
const DUE_SINCE_EVER_MS = 0;

export interface ReplayRequest {
  readonly connection: Connection;
  readonly filter: EventFilter;
  /** Only this flow of the connection; all when absent. */
  readonly flow?: string;
  /** Counts and samples, but parks nothing. */
  readonly isDryRun: boolean;
}

export interface ReplayReport {
  readonly eventCount: number;
  readonly inputCount: number;
  readonly skippedCount: number;
  /** The first inputs, to look at before the real run. */
  readonly samples: readonly { readonly eventId: string; readonly flow: string; readonly input: unknown }[];
  /** True when the events go on beyond the most that one replay takes. */
  readonly isCut: boolean;
}

// Replayed inputs are rows until they are through, so one command takes no more than this.
const REPLAY_EVENTS_MAX = 100_000;
const PAGE = 1_000;
const SAMPLES_MAX = 3;

const REPLAY: Lane = { priority: 'replay', finish: () => undefined };

/** Maps past events anew with the flows as they are now, and sends what comes out. */
export async function replay(
  pool: Pool,
  { connection, filter, flow, isDryRun }: ReplayRequest,
): Promise<ReplayReport> {
  const report = {
    eventCount: 0,
    inputCount: 0,
    skippedCount: 0,
    samples: [] as ReplayReport['samples'][number][],
  };
  const { workspaceId, name } = connection;
  let after = 0;
  for (;;) {
    const limit = Math.min(PAGE, REPLAY_EVENTS_MAX - report.eventCount);
    const events = (await findEvents(pool, workspaceId, filter, after, limit)).map(fromRow);
    const rows: ParkedRow[] = [];
    for (const event of events) {
      for (const match of matchEvent(event, connection)) {
        if (flow !== undefined && match.flow.name !== flow) continue;
        if (match.mapped.kind !== 'input') {
          report.skippedCount += 1;
          continue;
        }
        const { input, notes = [] } = match.mapped;
        const part: Part = {
          lane: REPLAY,
          slot: slotOf(event.personKey),
          position: event.position,
          eventId: event.id,
          eventType: event.name ?? event.type,
          input,
          attempts: 0,
          notes,
        };
        rows.push(parkedRow(part, newWork(match.flow, part, 0), DUE_SINCE_EVER_MS, null));
        if (report.samples.length < SAMPLES_MAX)
          report.samples.push({ eventId: event.id, flow: match.flow.name, input });
      }
    }
    report.eventCount += events.length;
    report.inputCount += rows.length;
    if (!isDryRun && rows.length > 0) await upsertParked(pool, { workspaceId, connection: name }, rows);
    after = events.at(-1)?.position ?? after;
    if (events.length < PAGE || report.eventCount >= REPLAY_EVENTS_MAX) break;
  }
  if (!isDryRun) await sendSignal(pool, 'control', workspaceId);
  return { ...report, isCut: report.eventCount >= REPLAY_EVENTS_MAX };
}
