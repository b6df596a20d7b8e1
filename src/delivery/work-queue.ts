/**
 * Works that wait to be sent, in order per order key. A key is in flight at most once; the rest of it waits
 * behind, and is merged when its turn comes. What waits behind lends its priority to what is before it, so that
 * nothing live waits for a replay. Pure: knows neither time nor vendors.
 */
import type { Flow } from '../flows/workspace.ts';
import { comparePriority, PRIORITIES } from '../kernel/priority.ts';
import type { Priority } from '../kernel/priority.ts';
import { ReadyKeys } from './ready-keys.ts';
import { canMerge, merge } from './work.ts';
import type { Part, Work } from './work.ts';

interface KeyQueue {
  readonly works: Work[];
  isInFlight: boolean;
}

/** Works that may travel together. */
export interface Line {
  readonly flow: Flow;
  readonly priority: Priority;
}

export class WorkQueue {
  readonly #keys = new Map<string, KeyQueue>();
  /** Keys whose head may be sent, by the head's priority and flow. */
  readonly #ready: Readonly<Record<Priority, Map<Flow, ReadyKeys>>> = {
    live: new Map(),
    replay: new Map(),
    backfill: new Map(),
  };
  /** Keys that became ready since somebody last asked for idle works. */
  readonly #fresh = new Set<string>();
  readonly #onMergeFailed: (error: unknown) => void;
  #partCount = 0;

  /** `onMergeFailed` hears of a connector whose merge threw; such works are sent one after the other. */
  constructor(onMergeFailed: (error: unknown) => void) {
    this.#onMergeFailed = onMergeFailed;
  }

  /** Events waiting or in flight, merged ones counted each. */
  get partCount(): number {
    return this.#partCount;
  }

  /** Lines with something ready to be sent, the most urgent first. */
  readyLines(): readonly Line[] {
    return PRIORITIES.flatMap((priority) =>
      [...this.#ready[priority].keys()].map((flow) => ({ flow, priority })),
    );
  }

  readyCount({ flow, priority }: Line): number {
    return this.#ready[priority].get(flow)?.size ?? 0;
  }

  /** When the work that has been ready longest was read; `undefined` when none is ready. */
  oldestReadyMs({ flow, priority }: Line): number | undefined {
    const [key] = this.#ready[priority].get(flow) ?? [];
    return key === undefined ? undefined : this.#keys.get(key)?.works[0]?.readAtMs;
  }

  /** True when something of the key waits behind what is in flight. */
  hasWaiting(key: string): boolean {
    return (this.#keys.get(key)?.works.length ?? 0) > 0;
  }

  add(work: Work): void {
    this.#partCount += work.parts.length;
    const queue = this.#queueOf(work.key);
    this.#hurry(work.key, queue, work.priority);
    queue.works.push(work);
    if (queue.works.length === 1) this.#makeReady(work.key, queue);
  }

  /** Puts works of one key, which is in flight, back before everything of it that waits. */
  putBack(works: readonly Work[]): void {
    const [first] = works;
    if (first === undefined) return;
    const queue = this.#queueOf(first.key);
    // The first that waits is as urgent as any behind it, each of which has lent it its priority.
    queue.works.unshift(...works.map((work) => hurried(work, queue.works[0]?.priority ?? work.priority)));
    queue.isInFlight = false;
    this.#makeReady(first.key, queue);
  }

  /**
   * Works of a line that `room` has places for, at least one, one per key, each merged from all that may be merged;
   * their keys are in flight until `finish` or `putBack`. Works read after `readBeforeMs` are left.
   */
  take(
    { flow, priority }: Line,
    room: number,
    readBeforeMs: number,
    placesOf: (work: Work) => number = () => 1,
  ): readonly Work[] {
    const ready = this.#ready[priority].get(flow);
    if (ready === undefined) return [];
    const batch: Work[] = [];
    let taken = 0;
    for (const key of ready) {
      if (taken >= room) break;
      const queue = this.#keys.get(key);
      const head = queue?.works[0];
      if (queue === undefined || head === undefined || head.readAtMs > readBeforeMs) break;
      taken += placesOf(head);
      if (batch.length > 0 && taken > room) break;
      ready.delete(key);
      queue.isInFlight = true;
      batch.push(this.#takeHead(queue.works));
    }
    if (ready.size === 0) this.#ready[priority].delete(flow);
    return batch;
  }

  /**
   * Takes the works that need no call, line by line, their keys being in flight as after `take`. A work is asked about
   * once, when it becomes ready, and only while nothing of its key waits behind it to be merged with it.
   */
  takeIdle(isIdle: (work: Work) => boolean): readonly (readonly [Line, readonly Work[]])[] {
    const lines = new Map<string, [Line, Work[]]>();
    for (const key of this.#fresh) {
      const queue = this.#keys.get(key);
      const head = queue?.works[0];
      if (queue === undefined || head === undefined || queue.isInFlight || queue.works.length > 1) continue;
      if (!isIdle(head)) continue;
      this.#makeUnready(key, queue);
      queue.isInFlight = true;
      queue.works.shift();
      const { flow, priority } = head;
      const line = lines.get(`${priority} ${flow.name}`) ?? [{ flow, priority }, []];
      lines.set(`${priority} ${flow.name}`, line);
      line[1].push(head);
    }
    this.#fresh.clear();
    return [...lines.values()];
  }

  /** The key's work in flight is settled; the next of the key may go. */
  finish(work: Work): void {
    this.#partCount -= work.parts.length;
    const queue = this.#keys.get(work.key);
    if (queue === undefined) return;
    queue.isInFlight = false;
    if (queue.works.length === 0) this.#keys.delete(work.key);
    else this.#makeReady(work.key, queue, 'by age');
  }

  /** Takes out works that wait and of which every part is such a one. */
  remove(isGone: (part: Part) => boolean): void {
    for (const [key, queue] of this.#keys) {
      const kept = queue.works.filter((work) => !work.parts.every(isGone));
      if (kept.length === queue.works.length) continue;
      this.#makeUnready(key, queue);
      const goneCount = partCountOf(queue.works) - partCountOf(kept);
      this.#partCount -= goneCount;
      queue.works.splice(0, queue.works.length, ...kept);
      if (kept.length > 0) this.#makeReady(key, queue);
      else if (!queue.isInFlight) this.#keys.delete(key);
    }
  }

  /** A key of which something waits that holds such a part. */
  findKey(isWanted: (part: Part) => boolean): string | undefined {
    for (const [key, { works }] of this.#keys) {
      if (works.some(({ parts }) => parts.some(isWanted))) return key;
    }
    return undefined;
  }

  /** Takes out everything of a key that waits, because its head was parked. */
  drain(key: string): readonly Work[] {
    const queue = this.#keys.get(key);
    if (queue === undefined) return [];
    this.#makeUnready(key, queue);
    const works = queue.works.splice(0);
    for (const work of works) this.#partCount -= work.parts.length;
    if (!queue.isInFlight) this.#keys.delete(key);
    return works;
  }

  #queueOf(key: string): KeyQueue {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const queue: KeyQueue = { works: [], isInFlight: false };
    this.#keys.set(key, queue);
    return queue;
  }

  /**
   * What waited behind a work in flight goes where it stands in the log: at the end it would wait twice, and the cursor
   * with it. What is put back goes to the end, so that one poisonous work is not all that is ever tried.
   */
  #makeReady(key: string, queue: KeyQueue, place: 'last' | 'by age' = 'last'): void {
    const head = queue.works[0];
    if (head === undefined || queue.isInFlight) return;
    const lines = this.#ready[head.priority];
    const ready = lines.get(head.flow) ?? new ReadyKeys();
    const [{ position }] = head.parts;
    if (place === 'by age') ready.addByAge(key, position);
    else ready.add(key, position);
    lines.set(head.flow, ready);
    this.#fresh.add(key);
  }

  #makeUnready(key: string, { works: [head] }: KeyQueue): void {
    if (head === undefined) return;
    const lines = this.#ready[head.priority];
    const ready = lines.get(head.flow);
    ready?.delete(key);
    if (ready?.size === 0) lines.delete(head.flow);
  }

  /** Lends a priority to everything of the key that waits. */
  #hurry(key: string, queue: KeyQueue, priority: Priority): void {
    if (queue.works.every((work) => comparePriority(work.priority, priority) <= 0)) return;
    this.#makeUnready(key, queue);
    queue.works.splice(0, queue.works.length, ...queue.works.map((work) => hurried(work, priority)));
    this.#makeReady(key, queue);
  }

  #takeHead(works: Work[]): Work {
    // The caller has seen that there is a head.
    let head = works.shift() as Work;
    let mergedCount = 0;
    for (const next of works) {
      if (!canMerge(head, next)) break;
      try {
        head = merge(head, next);
      } catch (error) {
        this.#onMergeFailed(error);
        break;
      }
      mergedCount += 1;
    }
    works.splice(0, mergedCount);
    return head;
  }
}

/** The work, at least as urgent as that. */
function hurried(work: Work, priority: Priority): Work {
  return comparePriority(work.priority, priority) > 0 ? { ...work, priority } : work;
}

function partCountOf(works: readonly Work[]): number {
  return works.reduce((sum, { parts }) => sum + parts.length, 0);
}
