/** Works of a page of a replay, and what of it is only put on record. Pure. */
import type { LoggedEvent, Position } from '../../kernel/event.ts';
import type { Flow } from '../../flows/workspace.ts';
import { slotOf } from '../../log/index.ts';
import type { Unsent } from '../unsent.ts';
import type { Lane, Part, Work } from '../work.ts';
import { inputId, isMerging } from './as-of-now.ts';
import type { AsOfNow } from './as-of-now.ts';
import type { PageInput, PageUnsent } from './replay-page.ts';

/** What a page makes: works for the queue, and what is only put on record. */
export interface ReplayWorks {
  readonly works: readonly Work[];
  readonly unsent: readonly Unsent[];
}

export interface ToWorks {
  readonly lane: Lane;
  readonly inputs: readonly PageInput[];
  readonly unsent: readonly PageUnsent[];
  /** What the inputs that merge are as of now; those that are not there had more come later than one look may fetch. */
  readonly now: ReadonlyMap<string, AsOfNow | { readonly failed: string }>;
  readonly liveReadPosition: Position;
  readonly readAtMs: number;
}

export const TOO_MUCH_CAME_LATER =
  'Too many events of the same person came later to tell what of it is still new; the newest of them are replayed.';

export function toWorks({ lane, inputs, unsent, now, liveReadPosition, readAtMs }: ToWorks): ReplayWorks {
  const works: Work[] = [];
  const left: Unsent[] = [];
  /** Where in `works` the inputs of a flow and key are gathered. */
  const places = new Map<string, number>();
  const leave = (flow: Flow, event: LoggedEvent, outcome: Unsent['outcome']): void => {
    left.push({ flow, part: partOf(lane, event), outcome });
  };
  for (const { flow, event, outcome } of unsent) leave(flow, event, outcome);
  for (const { flow, key, event, input, notes } of inputs) {
    const add = (sent: unknown, newest: Position): void => {
      const place = Math.max(newest, liveReadPosition);
      const part: Part = { ...partOf(lane, event), place, input: sent, notes };
      const gathered = isMerging(flow) ? places.get(`${flow.name} ${key}`) : undefined;
      const first = gathered === undefined ? undefined : works[gathered];
      if (gathered !== undefined && first !== undefined) {
        // As of now, the oldest of them holds the others already.
        works[gathered] = { ...first, parts: [...first.parts, part] };
        return;
      }
      places.set(`${flow.name} ${key}`, works.length);
      const { priority } = lane;
      works.push({
        flow,
        key,
        input: sent,
        parts: [part],
        readAtMs,
        priority,
        isParked: false,
        isAlone: false,
      });
    };
    if (!isMerging(flow)) {
      add(input, event.position);
      continue;
    }
    const sent = now.get(inputId(flow, event.position));
    if (sent === undefined) leave(flow, event, { kind: 'skipped', reason: TOO_MUCH_CAME_LATER });
    else if ('failed' in sent)
      leave(flow, event, { kind: 'rejected', fault: mergeFailed(flow, sent.failed) });
    else add(sent.input, sent.newest);
  }
  return { works, unsent: left };
}

function partOf(lane: Lane, event: LoggedEvent): Part {
  return {
    lane,
    slot: slotOf(event.personKey),
    position: event.position,
    eventId: event.id,
    eventType: event.name ?? event.type,
    input: null,
    attempts: 0,
    notes: [],
  };
}

function mergeFailed(flow: Flow, message: string) {
  return {
    code: 'delivery.mapping_failed',
    message: `Inputs of ${flow.preset.action.id} could not be merged: ${message}`,
  };
}
