/** Which processes die in which round, and when: decided before the run, from the seed alone. */
import { Dice } from './dice.ts';

export type Victim = 'postgres' | 'hubspot' | `ingest-${number}` | `worker-${number}`;

export interface Round {
  /** Killed in the same moment. */
  readonly victims: readonly Victim[];
  /** How long after the last recovery. */
  readonly afterMs: number;
  /** How long they stay dead. */
  readonly downMs: number;
}

// Short, so that many rounds fit into minutes: a kill often meets a reader that still recovers from the last one, and
// now and then a lease (9 s) runs out meanwhile, because a worker is killed again before it got one.
const AFTER_MS = { from: 200, to: 1_800 };
const DOWN_MS = { from: 50, to: 1_200 };

// Workers are what the engine is about.
const WEIGHTS = { ingest: 2, worker: 3, postgres: 2, hubspot: 2, pair: 1 };

export function planRounds(
  seed: number,
  rounds: number,
  { ingests, workers }: { readonly ingests: number; readonly workers: number },
): readonly Round[] {
  const dice = new Dice(seed);
  const single: readonly (readonly [Victim, number])[] = [
    ['postgres', WEIGHTS.postgres],
    ['hubspot', WEIGHTS.hubspot],
    ...numbers(ingests).map((number) => [`ingest-${number}`, WEIGHTS.ingest / ingests] as const),
    ...numbers(workers).map((number) => [`worker-${number}`, WEIGHTS.worker / workers] as const),
  ];
  const singleWeight = single.reduce((sum, [, weight]) => sum + weight, 0);
  return Array.from({ length: rounds }, () => {
    const isPair = dice.next() * (singleWeight + WEIGHTS.pair) < WEIGHTS.pair;
    const first = dice.pick(single);
    const second = isPair ? [dice.pick(single.filter(([victim]) => victim !== first))] : [];
    return {
      victims: [first, ...second],
      afterMs: dice.whole(AFTER_MS.from, AFTER_MS.to),
      downMs: dice.whole(DOWN_MS.from, DOWN_MS.to),
    };
  });
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_none, index) => index + 1);
}
