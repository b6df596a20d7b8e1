/**
 * People with more later events than one look may fetch: remembered, so that each of their many events does not cost
 * a look that finds too much again. Pure.
 */
import type { Position } from '../../kernel/event.ts';
import { personKeysOf } from './later-events.ts';
import type { ReplayedInput } from './as-of-now.ts';

// A handful is usual: shared accounts and robots. The oldest is forgotten, which costs a look.
const CROWDS_MAX = 1_000;

export class Crowds {
  /** By person: from which position on what came later is little enough. */
  readonly #since = new Map<string, Position>();

  has(input: ReplayedInput): boolean {
    return input.event.position < (this.#since.get(nameOf(input)) ?? 0);
  }

  remember(input: ReplayedInput, since: Position): void {
    const [oldest] = this.#since.keys();
    if (oldest !== undefined && this.#since.size >= CROWDS_MAX) this.#since.delete(oldest);
    this.#since.set(nameOf(input), since);
  }
}

function nameOf(input: ReplayedInput): string {
  return personKeysOf(input).join('\n');
}
