/** Between which positions the events of a replay lie, so that it need not walk the rest of the log. */
import { LinchpinError } from '../../kernel/errors.ts';
import type { Position } from '../../kernel/event.ts';
import type { Connection } from '../../flows/workspace.ts';
import type { Db } from '../../store/db.ts';
import { findEventById } from '../../store/queries/events.ts';
import { findLiveCursor, findRangeOfPerson, findRangeOfTime } from '../../store/queries/replay-lookups.ts';
import type { ReplayFilter } from './replay-filter.ts';

export interface ReplayRange {
  /** Exclusive. */
  readonly fromPosition: Position;
  /** Inclusive. */
  readonly toPosition: Position;
}

/** No further than the live cursor: what lies beyond is still to be sent. Throws when the filter can match nothing. */
export async function findReplayRange(
  db: Db,
  connection: Connection,
  { event, since, until, person, flow }: ReplayFilter,
): Promise<ReplayRange> {
  const { workspaceId, name, flows } = connection;
  if (flow !== undefined && !flows.some((each) => each.name === flow)) {
    throw new LinchpinError('replay.flow_unknown', {
      message: `The connection ${name} has no flow ${flow}.`,
      field: 'flow',
      remedy: `Use one of: ${flows.map((each) => each.name).join(', ')}.`,
    });
  }
  let { from, to } = await findRangeOfTime(db, workspaceId, since, until);
  if (person !== undefined) {
    const ofPerson = await findRangeOfPerson(db, workspaceId, person);
    [from, to] = [Math.max(from, ofPerson.from), Math.min(to, ofPerson.to)];
  }
  if (event !== undefined) {
    const [position] = (await findEventById(db, workspaceId, event)) ?? [];
    if (position === undefined) {
      throw new LinchpinError('replay.event_unknown', {
        message: `The log has no event ${event}.`,
        field: 'event',
      });
    }
    [from, to] = [Math.max(from, position - 1), Math.min(to, position)];
  }
  const cursor = await findLiveCursor(db, workspaceId, name);
  return { fromPosition: from, toPosition: Math.max(from, Math.min(to, cursor ?? from)) };
}
