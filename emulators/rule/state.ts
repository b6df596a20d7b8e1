import type { EmulatorContext } from '../core/index.ts';
import { Customizations } from './customizations.ts';
import { Subscribers } from './subscribers.ts';
import { DEFAULT_SWITCHES } from './switches.ts';
import type { Switches } from './switches.ts';
import { Tags } from './tags.ts';
import { DEFAULT_LIMITS, Usage } from './usage.ts';
import type { Limits } from './usage.ts';

/** The key that the emulator knows from the start. */
export const DEFAULT_KEY = 'rule-emulator-key';

/** One account of Rule. All keys see the same data; each has a usage of its own. */
export class RuleState {
  readonly context: EmulatorContext;
  readonly switches: Switches = { ...DEFAULT_SWITCHES };
  readonly subscribers: Subscribers;
  readonly tags: Tags;
  readonly customizations: Customizations;
  limits: Limits = { ...DEFAULT_LIMITS };
  readonly #keys = new Map<string, Usage>();
  readonly #later = new Set<() => void>();

  constructor(context: EmulatorContext) {
    this.context = context;
    const now = (): string => new Date(context.clock.now()).toISOString();
    this.subscribers = new Subscribers(now);
    this.tags = new Tags(now);
    this.customizations = new Customizations(now);
    this.addKey(DEFAULT_KEY);
  }

  addKey(key: string): void {
    this.#keys.set(key, new Usage(this.limits));
  }

  revokeKey(key: string): void {
    this.#keys.delete(key);
  }

  usageOf(key: string | undefined): Usage | undefined {
    return key === undefined ? undefined : this.#keys.get(key);
  }

  showUsage(): unknown {
    const now = this.context.clock.now();
    return [...this.#keys.values()].map((usage) => usage.show(now));
  }

  /** Other limits start every key anew: the windows may have another length. */
  setLimits(change: Partial<Limits>): void {
    this.limits = { ...this.limits, ...change };
    for (const key of this.#keys.keys()) this.addKey(key);
  }

  /** What bulk calls do after they have answered. */
  later(act: () => void): void {
    const cancel = this.context.clock.alarm(this.context.clock.now() + this.switches.asyncDelayMs, () => {
      this.#later.delete(cancel);
      act();
    });
    this.#later.add(cancel);
  }

  close(): void {
    for (const cancel of this.#later) cancel();
    this.#later.clear();
  }
}
