/**
 * The limits of one connection, shared with its other workers through a store: each change is computed from what
 * is known and written by compare-and-swap, so what was granted was free at that moment for all of them.
 *
 * - A grant is one round trip when nobody else has written meanwhile, and one more for each time somebody has.
 * - A "wait" is said only on what the store has just shown.
 * - What became of calls travels along with the next write, and by itself when there is none soon.
 * - While the store is away nothing is granted: no call leaves that others would not know of. Nothing is lost by
 *   that, because without its store a worker can neither read nor record, and it goes on when the store is back.
 */
import type { Clock } from '../kernel/clock.ts';
import type { Priority } from '../kernel/priority.ts';
import type { Limit } from '../kit/index.ts';
import { rankOf } from './limit-kind.ts';
import type { Claimant, LimitUse, Offer, Settled } from './limit-kind.ts';
import { Draft, offerOfAll } from './limit-draft.ts';
import { advance, block, decode, encode, grant, noteWaiting, offer, report, useOf } from './limit-state.ts';
import type { LimitState } from './limit-state.ts';
import type { LimitStore, StoredLimit } from './limit-store.ts';
import { StoreTime } from './store-time.ts';

/** Leave to make `count` calls, each of which is to be settled. */
export interface Lease {
  readonly kind: 'lease';
  readonly count: number;
  /** The calls may leave from here on, in the store's time. */
  readonly atMs: number;
  readonly endsMs: number;
}

export interface Refusal {
  readonly kind: 'wait';
  readonly waitMs: number;
}

/** What the vendor allows and what is used of it, as last known here. */
export interface LimitReport extends LimitUse {
  readonly name: string;
  readonly blockedUntilMs: number;
}

export interface SharedLimitsOptions {
  readonly limits: readonly Limit[];
  readonly store: LimitStore;
  readonly clock: Clock;
  /** The longest that a call is under way, from the moment it may leave. */
  readonly callMs: number;
}

// What is known is refreshed this often while somebody asks how long to wait.
const REFRESH_EVERY_MS = 200;

// What became of calls is written after so long when no lease has taken it along: others see the true number of
// calls of their account only then. Short against a window, long against a round trip.
const REPORT_AFTER_MS = 25;

// The store answers with its time after a lease was computed; when it shows an earlier one than was reckoned with,
// the clock here has jumped. Clocks that run alike drift less than this between two answers.
const DRIFT_MS_MAX = 5;

export class SharedLimits {
  readonly #limits: readonly Limit[];
  readonly #store: LimitStore;
  readonly #clock: Clock;
  readonly #callMs: number;
  readonly #time: StoreTime;
  readonly #closing = new AbortController();
  #known: ReadonlyMap<Limit, { readonly version: number; readonly state: LimitState | undefined }> =
    new Map();
  #knownAtMs = Number.NEGATIVE_INFINITY;
  #toReport: readonly { readonly limit: Limit; readonly settled: Settled }[] = [];
  /** What the vendor last said, in the time of this process. */
  #toBlockMs = 0;
  #blockUntilMs = 0;
  /** Who waits for which limits until when, in the store's time; to be told. */
  #waiting: ReadonlyMap<Priority, { readonly limits: readonly Limit[]; readonly turnMs: number }> = new Map();
  #isRefreshing = false;
  #isReporting = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ limits, store, clock, callMs }: SharedLimitsOptions) {
    this.#limits = limits;
    this.#store = store;
    this.#clock = clock;
    this.#callMs = callMs;
    this.#time = new StoreTime(clock);
  }

  get time(): StoreTime {
    return this.#time;
  }

  /** Leave for up to `wish` calls that these limits apply to. Throws when the store is away. */
  lease(applying: readonly Limit[], claimant: Claimant, wish: number): Promise<Lease | Refusal> {
    return this.#inTurn(async () => {
      let isFresh = await this.#loadOnce();
      for (;;) {
        const nowMs = this.#time.earliestMs();
        const draft = this.#draft(nowMs);
        const offered = offerOfAll(applying, draft, nowMs, claimant, wish);
        this.#noteWaiting(applying, claimant, offered, nowMs);
        if (offered.kind === 'wait' && !isFresh) {
          await this.#load();
          isFresh = true;
          continue;
        }
        const answer =
          offered.kind === 'places' ? this.#take(offered, applying, claimant, draft, nowMs) : offered;
        const written = await this.#write(draft, nowMs);
        if (written === 'in time') return answer;
        if (written === 'at a wrong time' && answer.kind === 'lease') this.#giveBack(applying, answer);
        isFresh = false;
      }
    });
  }

  /** What became of one call of a lease. Never waits. */
  settle(
    applying: readonly Limit[],
    lease: Lease,
    settled: (limit: Limit) => Omit<Settled, 'atMs' | 'endsMs'>,
  ): void {
    const { atMs, endsMs } = lease;
    const news = applying.map((limit) => ({ limit, settled: { ...settled(limit), atMs, endsMs } }));
    this.#toReport = [...this.#toReport, ...news];
    this.#reportSoon();
  }

  /** No call of any worker leaves for so long: the vendor said so. */
  block(ms: number): void {
    if (this.#limits.length === 0) return;
    this.#toBlockMs = Math.max(this.#toBlockMs, this.#clock.now() + ms);
    this.#reportSoon();
  }

  /**
   * Milliseconds until these limits have room, as far as is known here: whoever calls learns the rest. That it is asked
   * is a sign that somebody waits, and makes it known anew now and then.
   */
  delayMs(limits: Iterable<Limit>, claimant: Claimant): number {
    return Math.max(0, ...[...limits].map((limit) => this.#delayMsOf(limit, claimant)));
  }

  #delayMsOf(limit: Limit, claimant: Claimant): number {
    const known = this.#known.get(limit)?.state;
    if (known === undefined) return 0;
    const nowMs = this.#time.earliestMs();
    const state = advance(known, limit, nowMs);
    const offered = offer(state, limit, nowMs, claimant, 1);
    const waitMs = offered.kind === 'wait' ? offered.waitMs : Math.max(0, offered.atMs - nowMs);
    if (waitMs > 0) {
      this.#noteWaiting([limit], claimant, offered, nowMs);
      this.#refreshSoon();
    }
    return waitMs;
  }

  use(): readonly LimitReport[] {
    const nowMs = this.#time.earliestMs();
    return this.#limits.map((limit) => {
      const state = advance(this.#known.get(limit)?.state, limit, nowMs);
      return { name: limit.name, blockedUntilMs: state.blockedUntilMs, ...useOf(state, limit, nowMs) };
    });
  }

  /** Writes what is still to be told. Throws when the store is away. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#report();
  }

  #noteWaiting(limits: readonly Limit[], claimant: Claimant, offered: Offer, nowMs: number): void {
    if (!offered.isCrowded) return;
    const turnMs = offered.kind === 'wait' ? nowMs + offered.waitMs : offered.atMs;
    this.#waiting = new Map(this.#waiting).set(rankOf(claimant), { limits, turnMs });
  }

  #take(
    { count, atMs }: Extract<Offer, { kind: 'places' }>,
    applying: readonly Limit[],
    claimant: Claimant,
    draft: Draft,
    nowMs: number,
  ): Lease {
    const endsMs = atMs + this.#callMs;
    for (const limit of applying) {
      draft.change(limit, (state) => grant(state, limit, nowMs, { claimant, count, atMs, endsMs }));
    }
    return { kind: 'lease', count, atMs, endsMs };
  }

  #giveBack(applying: readonly Limit[], lease: Lease): void {
    for (let n = 0; n < lease.count; n += 1)
      this.settle(applying, lease, () => ({ answeredAtMs: undefined }));
  }

  /** Every limit as it is by now, with all that is still to be told. */
  #draft(nowMs: number): Draft {
    const draft = new Draft();
    // Only here is the store's time known.
    if (this.#toBlockMs > 0)
      this.#blockUntilMs = Math.max(this.#blockUntilMs, this.#time.latestMs(this.#toBlockMs));
    this.#toBlockMs = 0;
    for (const limit of this.#limits) {
      const news = this.#toReport.filter((each) => each.limit === limit).map(({ settled }) => settled);
      const known = this.#known.get(limit)?.state;
      if (known === undefined) draft.begin(limit, advance(undefined, limit, nowMs));
      else draft.set(limit, known);
      if (news.length > 0) draft.change(limit, (state) => report(state, limit, nowMs, news));
      draft.set(limit, advance(draft.get(limit), limit, nowMs));
      draft.change(limit, (state) => block(state, this.#blockUntilMs));
    }
    return draft;
  }

  /** Writes what is more than the passing of time. */
  async #write(draft: Draft, nowMs: number): Promise<'in time' | 'at a wrong time' | 'outrun'> {
    const reported = this.#toReport.length;
    const waiting = this.#waiting;
    for (const [priority, { limits, turnMs }] of waiting) {
      for (const limit of limits) {
        draft.change(limit, (state) => noteWaiting(state, limit, priority, turnMs, nowMs));
      }
    }
    const changes = draft.changed.map((limit) => ({
      name: limit.name,
      version: this.#known.get(limit)?.version ?? 0,
      state: encode(draft.get(limit), limit),
    }));
    if (changes.length === 0) {
      this.#waiting = new Map();
      return 'in time';
    }
    const answer = await this.#time.ask(() => this.#store.swap(changes));
    this.#knownAtMs = this.#clock.now();
    if (!answer.isSwapped) {
      this.#learn(answer.limits);
      return 'outrun';
    }
    this.#toReport = this.#toReport.slice(reported);
    // Unless somebody else has come to wait meanwhile.
    if (this.#waiting === waiting) this.#waiting = new Map();
    this.#learn(changes.map((change) => ({ ...change, version: change.version + 1 })));
    return nowMs <= answer.nowMs + DRIFT_MS_MAX ? 'in time' : 'at a wrong time';
  }

  /** True when it had to ask the store. */
  async #loadOnce(): Promise<boolean> {
    if (this.#known.size > 0) return false;
    await this.#load();
    return true;
  }

  async #load(): Promise<void> {
    const names = this.#limits.map(({ name }) => name);
    const { limits } = await this.#time.ask(() => this.#store.load(names));
    this.#knownAtMs = this.#clock.now();
    this.#learn(limits);
  }

  #learn(stored: readonly StoredLimit[]): void {
    const known = new Map(this.#known);
    for (const { name, version, state } of stored) {
      const limit = this.#limits.find((each) => each.name === name);
      if (limit !== undefined) known.set(limit, { version, state: decode(state, limit) });
    }
    this.#known = known;
  }

  #refreshSoon(): void {
    if (this.#isRefreshing || this.#clock.now() - this.#knownAtMs < REFRESH_EVERY_MS) return;
    this.#isRefreshing = true;
    void this.#inTurn(() => this.#load())
      .then(() => this.#report())
      // The lease that follows meets the same store, and says so by waiting.
      .catch(() => undefined)
      .finally(() => {
        this.#isRefreshing = false;
      });
  }

  #reportSoon(): void {
    if (this.#isReporting || this.#closing.signal.aborted) return;
    this.#isReporting = true;
    void this.#clock
      .sleep(REPORT_AFTER_MS, this.#closing.signal)
      .then(() => {
        this.#isReporting = false;
        return this.#closing.signal.aborted ? undefined : this.#report();
      })
      // It stays to be told with the next write; until then others take the calls for ones under way.
      .catch(() => undefined);
  }

  #report(): Promise<void> {
    return this.#inTurn(async () => {
      const isBlockTold = this.#toBlockMs === 0 && this.#blockUntilMs <= this.#time.earliestMs();
      if (this.#toReport.length === 0 && this.#waiting.size === 0 && isBlockTold) return;
      await this.#loadOnce();
      let nowMs: number;
      do nowMs = this.#time.earliestMs();
      while ((await this.#write(this.#draft(nowMs), nowMs)) === 'outrun');
    });
  }

  /** One after the other: two of one process would only outrun each other. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {
      // Whatever it was that failed, what is stored may be something else by now.
      this.#known = new Map();
    });
    return done;
  }
}
