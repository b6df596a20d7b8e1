/** What an event that was read means for a connection: works to send, and what is only put on record. Pure. */
import type { LoggedEvent } from '../kernel/event.ts';
import type { Connection } from '../flows/workspace.ts';
import { slotOf } from '../log/index.ts';
import { matchEvent } from './match.ts';
import type { Match } from './match.ts';
import type { Unsent } from './unsent.ts';
import { newWork } from './work.ts';
import type { Lane, Work } from './work.ts';

export interface TakenIn {
  readonly works: readonly Work[];
  readonly unsent: readonly Unsent[];
}

export function takeIn(event: LoggedEvent, connection: Connection, readAtMs: number, lane: Lane): TakenIn {
  const works: Work[] = [];
  const unsent: Unsent[] = [];
  const part = {
    lane,
    slot: slotOf(event.personKey),
    position: event.position,
    eventId: event.id,
    eventType: event.name ?? event.type,
    attempts: 0,
  };
  for (const { flow, mapped, key } of matchEvent(event, connection)) {
    if (mapped.kind === 'input') {
      works.push(newWork(flow, { ...part, input: mapped.input, notes: mapped.notes ?? [] }, readAtMs, key));
    } else {
      unsent.push({ flow, part: { ...part, input: null, notes: [] }, outcome: outcomeOf(mapped) });
    }
  }
  return { works, unsent };
}

function outcomeOf(mapped: Exclude<Match['mapped'], { kind: 'input' }>): Unsent['outcome'] {
  return mapped.kind === 'skip'
    ? { kind: 'skipped', reason: mapped.reason }
    : { kind: 'rejected', fault: mapped.fault };
}
