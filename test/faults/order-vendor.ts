/**
 * A vendor for the property of order: it takes its time, fails in every way, and lets the judge see what it took and
 * which calls met. Speaks the language of the test connector.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import { startLocalVendor } from '../support/local-vendor.ts';
import type { LocalVendor, VendorAnswer, VendorRequest } from '../support/local-vendor.ts';
import type { TestInput } from '../support/test-connector.ts';
import type { Dice } from './dice.ts';
import { Judge } from './judge.ts';

const LATENCY_MS_MAX = 25;

export interface OrderVendorOptions {
  readonly dice: Dice;
  /** Whether a call may take effect and its answer be lost. */
  readonly losesAnswers: boolean;
}

export class OrderVendor {
  readonly judge = new Judge();
  readonly #dice: Dice;
  readonly #losesAnswers: boolean;
  /** The judge knows people by number: each key of each action is one. */
  readonly #numbers = new Map<string, number>();
  readonly #underWay = new Set<number>();
  #isCalm = false;

  constructor({ dice, losesAnswers }: OrderVendorOptions) {
    this.#dice = dice;
    this.#losesAnswers = losesAnswers;
  }

  listen(): Promise<LocalVendor> {
    return startLocalVendor((request) => this.#answer(request));
  }

  /** An event of this value was appended. */
  expect(path: '/put' | '/tell', key: string, value: number): void {
    this.judge.acknowledge(this.#numberOf(path, key), value);
  }

  /** Nothing fails from now on. */
  calm(): void {
    this.#isCalm = true;
  }

  async #answer({ path, text }: VendorRequest): Promise<VendorAnswer | 'reset'> {
    const inputs = JSON.parse(text) as readonly TestInput[];
    const numbers = inputs.map(({ key }) => this.#numberOf(path, key));
    const met = numbers.filter((number) => this.#underWay.has(number));
    if (met.length > 0) this.judge.observe({ arrivedMs: 0, tookEffectMs: 0, writes: [], overlaps: met });
    for (const number of numbers) this.#underWay.add(number);
    await systemClock.sleep(this.#dice.next() * LATENCY_MS_MAX);
    const answer = this.#decide(inputs, numbers);
    await systemClock.sleep(this.#dice.next() * LATENCY_MS_MAX);
    for (const number of numbers) this.#underWay.delete(number);
    return answer;
  }

  #decide(inputs: readonly TestInput[], numbers: readonly number[]): VendorAnswer | 'reset' {
    const roll = this.#isCalm ? 1 : this.#dice.next();
    if (roll < 0.02) return 'reset';
    if (roll < 0.05) return { status: 503 };
    if (roll < 0.08) return { status: 429, headers: { 'retry-after': '0.02' } };
    const isLost = this.#losesAnswers && roll < 0.11;
    const verdicts = inputs.map(({ values }, index) => {
      const verdict = this.#isCalm || isLost ? 1 : this.#dice.next();
      if (verdict < 0.06) return { kind: 'retry' };
      if (verdict < 0.1) return { kind: 'deferred', waitMs: 10 };
      const person = numbers[index] ?? 0;
      const write = { person, last: values.at(-1) ?? 0, values };
      this.judge.observe({ arrivedMs: 0, tookEffectMs: systemClock.now(), writes: [write] });
      return { kind: 'delivered' };
    });
    return isLost ? 'reset' : { status: 200, body: verdicts };
  }

  #numberOf(path: string, key: string): number {
    const place = `${path} ${key}`;
    const known = this.#numbers.get(place) ?? this.#numbers.size;
    this.#numbers.set(place, known);
    return known;
  }
}
