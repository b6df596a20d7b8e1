/**
 * Calls that count against a limit, each until a moment of its own: granted ones for as long as their answer may
 * take, answered ones for as long as the vendor may count them. Kept by the tick in which they stop counting, as
 * `[tick, count, tick, count, …]` in order, because a row that all workers write must stay small.
 */
export type HeldCalls = readonly number[];

export interface Ticks {
  /** Length of a tick. A call counts to the end of its tick: never less than it must. */
  readonly tickMs: number;
}

export function toTick(untilMs: number, { tickMs }: Ticks): number {
  return Math.ceil(untilMs / tickMs);
}

/** Calls that still count at `atMs`. */
export function countAt(held: HeldCalls, atMs: number, { tickMs }: Ticks): number {
  let count = 0;
  for (let at = held.length - 2; at >= 0 && tickAt(held, at) * tickMs > atMs; at -= 2)
    count += countOf(held, at);
  return count;
}

/** The earliest moment from `fromMs` on at which fewer than `limit` calls count. */
export function roomFrom(held: HeldCalls, limit: number, fromMs: number, { tickMs }: Ticks): number {
  let count = 0;
  for (let at = held.length - 2; at >= 0; at -= 2) {
    const endsMs = tickAt(held, at) * tickMs;
    if (endsMs <= fromMs) break;
    count += countOf(held, at);
    if (count >= limit) return endsMs;
  }
  return fromMs;
}

/** `count` more calls that stop counting with `tick`; fewer when negative, but never below none. */
export function addCalls(held: HeldCalls, tick: number, count: number): HeldCalls {
  // New ones end last, nearly always.
  let at = held.length;
  while (at > 0 && tickAt(held, at - 2) >= tick) at -= 2;
  const isThere = at < held.length && tickAt(held, at) === tick;
  const total = (isThere ? countOf(held, at) : 0) + count;
  return [...held.slice(0, at), ...(total > 0 ? [tick, total] : []), ...held.slice(isThere ? at + 2 : at)];
}

/** Without those that count no more, and without those that end after `latestMs`, which no call can. */
export function between(held: HeldCalls, nowMs: number, latestMs: number, { tickMs }: Ticks): HeldCalls {
  let from = 0;
  let to = held.length;
  while (from < to && tickAt(held, from) * tickMs <= nowMs) from += 2;
  while (to > from && tickAt(held, to - 2) * tickMs > latestMs) to -= 2;
  return from === 0 && to === held.length ? held : held.slice(from, to);
}

/** Ticks as distances: a fifth of the characters. */
export function packCalls(held: HeldCalls): number[] {
  return held.map((value, at) => (at >= 2 && at % 2 === 0 ? value - tickAt(held, at - 2) : value));
}

export function unpackCalls(packed: readonly number[]): HeldCalls {
  let tick = 0;
  return packed.map((value, at) => (at % 2 === 0 ? (tick += value) : value));
}

function tickAt(held: HeldCalls, at: number): number {
  return held[at] ?? 0;
}

function countOf(held: HeldCalls, at: number): number {
  return held[at + 1] ?? 0;
}
