/**
 * What every fault run has in common: a cluster under the load of senders, judged all the while by the vendor's
 * journal.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import { until } from '../support/until.ts';
import { countExposed, readBooks } from './books.ts';
import type { Books } from './books.ts';
import { startCluster } from './cluster.ts';
import type { Cluster, ClusterOptions } from './cluster.ts';
import { Judge } from './judge.ts';
import type { Verdict } from './judge.ts';
import { Senders } from './senders.ts';
import { JournalFollower } from './vendor-journal.ts';

export interface Load {
  readonly clients: number;
  readonly peoplePerClient: number;
  readonly perSecond: number;
}

// With nothing left to read or to try again, a call that was under way has ended by then.
const QUIET_MS = 4_000;

// As often as senders may want to know what has arrived.
const FOLLOW_EVERY_MS = 100;

export class FaultRun {
  readonly cluster: Cluster;
  readonly judge = new Judge();
  readonly senders: Senders;
  readonly #follower: JournalFollower;
  readonly #over = new AbortController();
  readonly #following: Promise<void>;

  private constructor(cluster: Cluster, load: Load) {
    this.cluster = cluster;
    this.#follower = new JournalFollower(cluster.journal);
    this.senders = new Senders({
      ...load,
      judge: this.judge,
      targets: () => cluster.ingests.filter(({ isRunning }) => isRunning).map(({ ready }) => ready),
    });
    this.#following = this.#follow();
  }

  static async start(options: ClusterOptions, load: Load): Promise<FaultRun> {
    return new FaultRun(await startCluster(options), load);
  }

  /** Waits until the vendor has all that is acknowledged by now; false when it does not come. */
  arrived(timeoutMs: number): Promise<boolean> {
    const snapshot = this.judge.snapshot();
    return this.#within(timeoutMs, () => this.judge.openOf(snapshot) === 0);
  }

  /** Ends the sending and waits until nothing is left to do; then says what is wrong. */
  async settle(timeoutMs: number): Promise<{ readonly verdict: Verdict; readonly books: Books }> {
    await this.senders.stop();
    await this.#within(timeoutMs, async () => {
      const { behind, parked } = await readBooks(this.cluster.pool);
      if (behind + parked > 0) return false;
      // Nothing more will come: what is amiss now remains so.
      const isQuiet = systemClock.now() - this.judge.lastCallMs > QUIET_MS;
      return isQuiet || this.judge.openCount() + this.judge.staleCount() === 0;
    });
    this.look();
    return { verdict: this.judge.verdict(), books: await readBooks(this.cluster.pool) };
  }

  /** How many events are in flight that the vendor has: what may come again of an owner that was killed just now. */
  async exposed(): Promise<number> {
    await systemClock.sleep(this.cluster.effectMs);
    this.look();
    return countExposed(this.cluster.pool, this.judge);
  }

  /** Takes in what the vendor has written since the last look. */
  look(): void {
    for (const call of this.#follower.next()) this.judge.observe(call);
  }

  async close(): Promise<void> {
    this.senders.abandon();
    this.#over.abort();
    await this.#following;
    await this.cluster.close();
  }

  async #follow(): Promise<void> {
    while (!this.#over.signal.aborted) {
      this.look();
      await systemClock.sleep(FOLLOW_EVERY_MS, this.#over.signal);
    }
  }

  async #within(timeoutMs: number, look: () => boolean | Promise<boolean>): Promise<boolean> {
    try {
      await until(look, { timeoutMs });
      return true;
    } catch {
      // What has not come by now is told by the verdict.
      return false;
    }
  }
}
