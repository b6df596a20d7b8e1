/**
 * A short limit, as a rolling window. A call counts from the moment it is granted until the window's length after
 * its answer, which covers whatever moment the vendor counted it at: in no span of the window's length does the
 * vendor see more calls of ours than are allowed. A limit of our own counts a call from its grant alone.
 *
 * How many are allowed is learnt. The vendor's headers tell how many calls others make on the same account, whose
 * room is left to them. A call that is refused all the same lowers the rate by a fifth, and each quiet window
 * raises it again by a fiftieth of the plan.
 */
import type { Priority } from '../kernel/priority.ts';
import type { Limit, LimitReading } from '../kit/index.ts';
import { addCalls, between, countAt, packCalls, roomFrom, toTick, unpackCalls } from './held-calls.ts';
import type { HeldCalls, Ticks } from './held-calls.ts';
import { rankOf, TURN_MS } from './limit-kind.ts';
import type { Claimant, LimitKind, Settled } from './limit-kind.ts';

export interface WindowState {
  readonly kind: 'window';
  readonly blockedUntilMs: number;
  readonly held: HeldCalls;
  /** When the evenly spread schedule has its next place (generic cell rate algorithm). */
  readonly nextPlaceMs: number;
  /** The same for what replays and backfills may have of it. */
  readonly nextShareMs: { readonly replay: number; readonly backfill: number };
  /** Until when a claimant waits for room, and holds back those after it. */
  readonly waitsUntilMs: { readonly live: number; readonly replay: number };
  /** Calls per window as declared. */
  readonly plan: number;
  /** Calls per window that refusals have left us, and when that last changed. */
  readonly rate: number;
  readonly rateAtMs: number;
  readonly refusedAtMs: number;
  /** Calls per window of all clients together, as the vendor states it. */
  readonly vendorCalls: number | null;
  /** The most calls of others that were seen in this window, and in the one before. */
  readonly foreign: { readonly fromMs: number; readonly now: number; readonly before: number };
}

// Times are whole milliseconds on the vendor's side and may be rounded either way; found by a property test that
// counted a call at the very moment of its answer.
const CLOCK_GRAIN_MS = 1;

// Half a tick is lost per call on average: a quarter of a percent of the window.
const TICKS_PER_WINDOW = 200;

// Calls are spread evenly so that a burst does not leave the rest of the window silent; this share of the
// window may go at once, which keeps a quiet connection quick.
const BURST_SHARE = 0.03;

// A place may be taken this many places ahead, so that four workers in wait each have their turn without asking
// again. It delays a live call by no more than that.
const PLACES_AHEAD = 4;

const REFUSED_FACTOR = 0.8;
const QUIET_STEP = 0.02;

// Kept free where the vendor tells what is left: a client that begins to call is seen before the window is full.
const SPARE_SHARE = 0.01;

// Longer than any call is under way. What a clock that was set back has left in the future beyond it is dropped.
const CALL_MS_MAX = 600_000;

// Calls that have stopped counting are remembered for this share of a window: a reading speaks of a moment between
// the leaving of its call and its answer, which has passed when a worker reports it.
const REPORTED_SHARE_MAX = 0.2;

// A place that opens in less time is not worth asking for again.
const WAIT_MS_MIN = 5;

export const window: LimitKind<WindowState> = {
  fresh: (limit, nowMs) => ({
    kind: 'window',
    blockedUntilMs: 0,
    held: [],
    nextPlaceMs: 0,
    nextShareMs: { replay: 0, backfill: 0 },
    waitsUntilMs: { live: 0, replay: 0 },
    plan: limit.calls,
    rate: limit.calls,
    rateAtMs: Math.floor(nowMs),
    refusedAtMs: 0,
    vendorCalls: null,
    foreign: { fromMs: Math.floor(nowMs), now: 0, before: 0 },
  }),

  advance: (state, limit, nowMs) => {
    const { perMs } = limit;
    const held = between(
      state.held,
      nowMs - perMs * REPORTED_SHARE_MAX,
      nowMs + CALL_MS_MAX + perMs,
      ticksOf(limit),
    );
    return recover(
      {
        ...state,
        held,
        nextPlaceMs: Math.min(state.nextPlaceMs, nowMs + 2 * perMs),
        waitsUntilMs: {
          live: Math.min(state.waitsUntilMs.live, nowMs + perMs + TURN_MS),
          replay: Math.min(state.waitsUntilMs.replay, nowMs + perMs + TURN_MS),
        },
        // Another plan was bought, and configured: what refusals taught about the old one is void.
        ...(state.plan === limit.calls ? {} : { plan: limit.calls, rate: limit.calls }),
        rateAtMs: Math.min(state.rateAtMs, nowMs),
        refusedAtMs: Math.min(state.refusedAtMs, nowMs),
        foreign: turn(state.foreign, perMs, nowMs),
      },
      limit,
      nowMs,
    );
  },

  offer: (state, limit, nowMs, claimant, wish) => {
    const allowed = allowedCalls(state, limit);
    const spacingMs = limit.perMs / allowed;
    const placeMs = state.nextPlaceMs - (Math.ceil(allowed * BURST_SHARE) - 1) * spacingMs;
    const roomMs = roomFrom(state.held, Math.floor(allowed), Math.max(nowMs, placeMs), ticksOf(limit));
    const isCrowded = roomMs > nowMs;
    const backMs = heldBackMs(state, claimant, nowMs);
    if (backMs > 0) return { kind: 'wait', waitMs: backMs, isCrowded: false };
    const atMs = Math.max(roomMs, shareMs(state, claimant));
    const aheadMs = Math.min(PLACES_AHEAD * spacingMs, limit.perMs / 4);
    if (atMs > nowMs + aheadMs) {
      // The room is that of calls under way: their answers may come at any moment.
      const isUnknown = roomMs > nowMs + limit.perMs + CLOCK_GRAIN_MS;
      const waitMs = isUnknown ? spacingMs : atMs - nowMs - aheadMs;
      return { kind: 'wait', waitMs: Math.max(WAIT_MS_MIN, waitMs), isCrowded };
    }
    const free = Math.floor(allowed) - countAt(state.held, atMs, ticksOf(limit));
    return { kind: 'places', count: Math.min(wish, free), atMs, isCrowded };
  },

  grant: (state, limit, _nowMs, { claimant, count, atMs, endsMs }) => {
    const heldMs = limit.isOurs === true ? atMs : endsMs;
    const spacingMs = limit.perMs / allowedCalls(state, limit);
    const { priority, rateShare } = claimant;
    return {
      ...state,
      held: addCalls(state.held, endTick(limit, heldMs), count),
      nextPlaceMs: Math.max(state.nextPlaceMs, atMs) + count * spacingMs,
      ...(priority === 'live'
        ? {}
        : {
            nextShareMs: {
              ...state.nextShareMs,
              [priority]: Math.max(state.nextShareMs[priority], atMs) + (count * spacingMs) / rateShare,
            },
          }),
    };
  },

  settle: (state, limit, { atMs, endsMs, answeredAtMs }) => {
    if (limit.isOurs === true && answeredAtMs !== undefined) return state;
    const held = addCalls(state.held, endTick(limit, limit.isOurs === true ? atMs : endsMs), -1);
    if (answeredAtMs === undefined) {
      // Its place in the schedule is there for another.
      return { ...state, held, nextPlaceMs: state.nextPlaceMs - limit.perMs / allowedCalls(state, limit) };
    }
    return { ...state, held: addCalls(held, endTick(limit, answeredAtMs), 1) };
  },

  learn: (state, limit, nowMs, settled) => {
    const { reading, isRefused = false } = settled;
    const read = reading === undefined ? state : heed(state, limit, reading, settled);
    // A vendor that tells what is left has refused for another limit when something is.
    if (!isRefused || (reading?.remaining ?? 0) > 0) return read;
    // Calls that were under way at the last refusal would be refused too; they tell nothing new.
    if (settled.atMs <= read.refusedAtMs) return read;
    return {
      ...read,
      rate: Math.max(1, read.rate * REFUSED_FACTOR),
      rateAtMs: Math.floor(nowMs),
      refusedAtMs: Math.ceil(nowMs),
    };
  },

  use: (state, limit, nowMs) => ({
    used: countAt(state.held, nowMs, ticksOf(limit)),
    allowed: Math.floor(allowedCalls(state, limit)),
  }),

  pack: (state) => ({
    ...state,
    held: packCalls(state.held),
    nextPlaceMs: Math.ceil(state.nextPlaceMs * 10) / 10,
    rate: Math.round(state.rate * 100) / 100,
  }),

  unpack: (packed: WindowState) => ({ ...packed, held: unpackCalls(packed.held) }),
};

function ticksOf({ perMs }: Limit): Ticks {
  return { tickMs: Math.max(1, perMs / TICKS_PER_WINDOW) };
}

/** The tick with which a call that was answered by `endedMs` stops counting. */
function endTick(limit: Limit, endedMs: number): number {
  return toTick(endedMs + limit.perMs + CLOCK_GRAIN_MS, ticksOf(limit));
}

/** Calls per window that may be ours. */
function allowedCalls({ rate, vendorCalls, foreign }: WindowState, limit: Limit): number {
  const ours = Math.min(rate, limit.calls);
  if (vendorCalls === null) return Math.max(1, ours);
  const others = Math.max(foreign.now, foreign.before);
  // Arrivals of clients that know nothing of each other vary by the root of their number. Where others took a third
  // of 190 calls in 10 s, at random moments, half of the root lost 2 % of the rate against a quarter; with a quarter
  // some calls in ten thousand were refused (simulated with answers after 5 to 500 ms, 2026-11).
  const margin = Math.ceil(Math.sqrt(others) / 3);
  const left = vendorCalls - Math.floor(vendorCalls * SPARE_SHARE) - others - margin;
  return Math.max(1, Math.min(ours, left));
}

/** Additive increase: each window without a refusal adds a step, up to the plan. */
function recover(state: WindowState, limit: Limit, nowMs: number): WindowState {
  const quiet = Math.floor((nowMs - state.rateAtMs) / limit.perMs);
  if (quiet < 1) return state;
  return {
    ...state,
    rate: Math.min(limit.calls, state.rate + quiet * QUIET_STEP * limit.calls),
    rateAtMs: state.rateAtMs + quiet * limit.perMs,
  };
}

/** What the vendor says is used, less what we know to be ours, is what others use. */
function heed(state: WindowState, limit: Limit, reading: LimitReading, settled: Settled): WindowState {
  const vendorCalls = Math.max(1, reading.calls ?? state.vendorCalls ?? limit.calls);
  const seen = { ...state, vendorCalls };
  if (reading.remaining === undefined || settled.answeredAtMs === undefined) return seen;
  const ticks = ticksOf(limit);
  const used = vendorCalls - reading.remaining;
  // The vendor read its counter at some moment between the leaving of the call and its answer. When all of ours
  // that counted at any time since then explain the figure, there is no sign of others. If there are some after
  // all, no more than calls under way, they fit in: these hold places that the vendor gives them only on arrival.
  if (used <= countAt(state.held, settled.atMs, ticks)) return seen;
  const counted = countAt(state.held, settled.answeredAtMs, ticks);
  const answeredEndMs = settled.answeredAtMs + limit.perMs + CLOCK_GRAIN_MS + ticks.tickMs;
  const underWay = countAt(state.held, answeredEndMs, ticks);
  // Of those under way, half have arrived on average.
  const others = Math.ceil(used - counted + underWay / 2);
  return { ...seen, foreign: { ...state.foreign, now: Math.max(state.foreign.now, others) } };
}

function turn(foreign: WindowState['foreign'], perMs: number, nowMs: number): WindowState['foreign'] {
  const sinceMs = nowMs - foreign.fromMs;
  if (sinceMs < perMs && sinceMs >= 0) return foreign;
  return { fromMs: Math.floor(nowMs), now: 0, before: sinceMs >= 2 * perMs ? 0 : foreign.now };
}

const BEFORE: Readonly<Record<Priority, readonly ('live' | 'replay')[]>> = {
  live: [],
  replay: ['live'],
  backfill: ['live', 'replay'],
};

function heldBackMs({ waitsUntilMs }: WindowState, claimant: Claimant, nowMs: number): number {
  return Math.max(0, ...BEFORE[rankOf(claimant)].map((first) => waitsUntilMs[first] - nowMs));
}

function shareMs({ nextShareMs }: WindowState, claimant: Claimant): number {
  const rank = rankOf(claimant);
  return rank === 'live' ? 0 : nextShareMs[rank];
}
