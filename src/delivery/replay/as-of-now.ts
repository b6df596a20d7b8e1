/**
 * Inputs of the past as they are to be sent now: with everything on top that came later for the same order key, in
 * order. So what a replay sends is never older than what the vendor has, field by field, and it may go at any time
 * after the live works that were read before it. Only for actions that merge; event-like inputs go as they were.
 *
 * Later events are found by person: by the person key of the replayed event, and by the order key where that can be
 * a person key. Two persons that share an order key under keys that neither of them is found by (two user ids
 * with one address) cannot be told from here: there a replayed value may stand over a newer one of the other.
 */
import type { LoggedEvent, Position } from '../../kernel/event.ts';
import type { Connection, Flow } from '../../flows/workspace.ts';
import { matchEvent } from '../match.ts';
import { orderKeyOf } from '../work.ts';

/** An input that is replayed, or of an event behind one that is. */
export interface ReplayedInput {
  readonly flow: Flow;
  readonly key: string;
  readonly event: LoggedEvent;
  readonly input: unknown;
}

export interface AsOfNow {
  readonly input: unknown;
  /** The newest event of the key that counts. */
  readonly newest: Position;
}

export interface Later {
  /** All events of those people that count, from the oldest replayed one on, newest first. */
  readonly events: readonly LoggedEvent[];
  /** Inputs that never reached the vendor, and will not by themselves: dead letters. */
  readonly isVoid: (position: Position, flow: Flow) => boolean;
}

/** By `inputId`; `failed` for inputs whose merge threw, which is a defect of the connector. */
export function asOfNow(
  inputs: readonly ReplayedInput[],
  { events, isVoid }: Later,
  connection: Connection,
): ReadonlyMap<string, AsOfNow | { readonly failed: string }> {
  const wanted = new Map(inputs.map((each) => [inputId(each.flow, each.event.position), each]));
  const keys = new Set(inputs.map(({ key }) => key));
  const now = new Map<string, AsOfNow | { readonly failed: string }>();
  const pasts = new Map<string, KeyPast>();
  for (const event of events) {
    for (const { flow, key, input } of inputsOf(event, wanted, connection)) {
      const id = inputId(flow, event.position);
      if (!keys.has(key) || (isVoid(event.position, flow) && !wanted.has(id))) continue;
      const past = pasts.get(key) ?? new KeyPast(event.position);
      pasts.set(key, past);
      const result = past.putBefore(flow, input);
      if (wanted.has(id)) now.set(id, result);
    }
  }
  return now;
}

/** What the event makes for flows that merge, the last flow first; inputs that are given may have been edited by hand. */
function inputsOf(
  event: LoggedEvent,
  given: ReadonlyMap<string, ReplayedInput>,
  connection: Connection,
): readonly Omit<ReplayedInput, 'event'>[] {
  const merging = connection.flows.filter(isMerging);
  const mapped = new Map(
    matchEvent(event, { ...connection, flows: merging }).map((match) => [match.flow, match.mapped]),
  );
  return merging.toReversed().flatMap((flow) => {
    const replayed = given.get(inputId(flow, event.position));
    if (replayed !== undefined) return [replayed];
    const made = mapped.get(flow);
    return made?.kind === 'input' ? [{ flow, key: orderKeyOf(flow, made.input), input: made.input }] : [];
  });
}

/** Names an input: an event makes one at the most for each flow. */
export function inputId({ name }: Pick<Flow, 'name'>, position: Position): string {
  return `${String(position)} ${name}`;
}

export function isMerging(flow: Flow): boolean {
  return flow.preset.action.coalesce !== undefined;
}

/** What is known of one order key, from its newest event back. */
class KeyPast {
  readonly #newest: Position;
  /** All inputs of a flow so far as one. */
  readonly #merged = new Map<Flow, unknown>();
  /** The same for all flows together, for actions that cannot yield. */
  #all: { readonly input: unknown } | undefined;
  #failed: string | undefined;

  constructor(newest: Position) {
    this.#newest = newest;
  }

  /** Takes in the next older input; returns it with all that came after it. */
  putBefore(flow: Flow, input: unknown): AsOfNow | { readonly failed: string } {
    if (this.#failed !== undefined) return { failed: this.#failed };
    try {
      return { input: this.#merge(flow, input), newest: this.#newest };
    } catch (error) {
      this.#failed = error instanceof Error ? error.message : String(error);
      return { failed: this.#failed };
    }
  }

  #merge(flow: Flow, input: unknown): unknown {
    const { coalesce, yieldTo } = flow.preset.action;
    if (coalesce === undefined) throw new TypeError(`Inputs of ${flow.preset.action.id} cannot be merged.`);
    if (yieldTo === undefined) {
      this.#all = { input: this.#all === undefined ? input : coalesce(input, this.#all.input, flow.options) };
      return this.#all.input;
    }
    const others = [...this.#merged].filter(([other]) => other !== flow);
    const own = others.reduce<unknown>(
      (older, [{ options }, newer]) => yieldTo(older, newer, options) as unknown,
      input,
    );
    const merged: unknown = this.#merged.has(flow)
      ? coalesce(own, this.#merged.get(flow), flow.options)
      : own;
    this.#merged.set(flow, merged);
    return merged;
  }
}
