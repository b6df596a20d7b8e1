import type { Standing } from '../delivery/index.ts';

/** Where an event stands for a flow, in one line. */
export function sayStanding(standing: Standing): string {
  switch (standing.kind) {
    case 'delivered': {
      const record = standing.remoteId === undefined ? '' : `, record ${standing.remoteId}`;
      return `delivered ${iso(standing.at)}${record}`;
    }
    case 'skipped':
      return `skipped: ${standing.reason}`;
    case 'parked': {
      const { dueAt, isBehindAnother, attemptCount, fault } = standing;
      const due = dueAt === null ? 'at once' : iso(dueAt);
      const when = isBehindAnother ? `behind an earlier one of its key, due ${due}` : `until ${due}`;
      const why = fault === null ? '' : `: ${fault.message} (${fault.code})`;
      return `parked ${when}, ${String(attemptCount)} attempts spent${why}`;
    }
    case 'dead':
      return `dead letter ${String(standing.deadLetterId)}: ${standing.fault.message} (${standing.fault.code})`;
    case 'discarded':
      return `dead letter ${String(standing.deadLetterId)}, discarded${standing.reason === null ? '' : `: ${standing.reason}`}`;
    case 'refused':
      return `nothing was sent: ${standing.reason}`;
    case 'waiting': {
      const { readerPosition, behind, isRead, suspended } = standing;
      const where = `the reader stands at position ${String(readerPosition)}, ${String(behind)} before this event`;
      const stopped = suspended === null ? '' : `; the connection is suspended: ${suspended.message}`;
      return `waiting ${isRead ? 'for another try' : 'in the log'}: ${where}${stopped}`;
    }
    case 'not matched':
      return 'not for this flow';
    case 'passed':
      return 'the reader has passed it and nothing is on record: the flow came later, or the record has expired';
  }
}

// PostgreSQL writes times with a blank and a short zone.
function iso(time: string): string {
  return new Date(time).toISOString();
}
