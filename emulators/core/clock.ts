import { systemClock } from '../../src/kernel/clock.ts';
import type { Clock } from '../../src/kernel/clock.ts';

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

// Node silently turns a longer timer into 1 ms (nodejs.org/api/timers.html, "delay", 2026-11).
const TIMER_MS_MAX = 2 ** 31 - 1;

export interface ClockReading {
  readonly now: string;
  readonly nowMs: number;
  readonly mode: 'running' | 'frozen';
  /** How far the emulator's time is from the real one. */
  readonly offsetMs: number;
}

/**
 * The time an emulator lives in: the real one until a test freezes, sets or advances it. Alarms and sleeps
 * follow this time, so that a webhook due in six hours leaves when a test advances six hours.
 */
export class EmulatorClock implements Clock {
  readonly #real: Clock;
  readonly #alarms = new Set<Alarm>();
  #offsetMs = 0;
  #frozenAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(real: Clock = systemClock) {
    this.#real = real;
  }

  now(): number {
    return this.#frozenAt ?? this.#real.now() + this.#offsetMs;
  }

  freeze(): void {
    this.#frozenAt = this.now();
    this.#arm();
  }

  /** Lets time run again, from where it stands. */
  unfreeze(): void {
    if (this.#frozenAt === undefined) return;
    this.#offsetMs = this.#frozenAt - this.#real.now();
    this.#frozenAt = undefined;
    this.#arm();
  }

  advance(ms: number): void {
    this.set(this.now() + ms);
  }

  /** Moves to a moment; a frozen clock stays frozen there. */
  set(atMs: number): void {
    if (this.#frozenAt === undefined) this.#offsetMs = atMs - this.#real.now();
    else this.#frozenAt = atMs;
    this.#ringDue();
  }

  /** Back to the real time, running. */
  reset(): void {
    this.#frozenAt = undefined;
    this.#offsetMs = 0;
    this.#ringDue();
  }

  /** Calls `ring` when the emulator's time reaches `atMs`; returns the way to cancel it. */
  alarm(atMs: number, ring: () => void): () => void {
    const alarm: Alarm = { at: atMs, ring };
    this.#alarms.add(alarm);
    this.#arm();
    return () => {
      this.#alarms.delete(alarm);
      this.#arm();
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const cancel = this.alarm(this.now() + ms, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      const stop = (): void => {
        cancel();
        resolve();
      };
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  read(): ClockReading {
    // Asked once: a millisecond may pass between two looks at the real time.
    const realMs = this.#real.now();
    const nowMs = this.#frozenAt ?? realMs + this.#offsetMs;
    return {
      now: new Date(nowMs).toISOString(),
      nowMs,
      mode: this.#frozenAt === undefined ? 'running' : 'frozen',
      offsetMs: nowMs - realMs,
    };
  }

  /** Forgets every alarm, so that nothing keeps a stopped emulator alive. */
  close(): void {
    this.#alarms.clear();
    this.#arm();
  }

  #ringDue(): void {
    const due = [...this.#alarms].filter((alarm) => alarm.at <= this.now()).sort((a, b) => a.at - b.at);
    for (const alarm of due) {
      // An alarm that rang earlier in this round may have cancelled this one.
      if (this.#alarms.delete(alarm)) alarm.ring();
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#alarms.size === 0) return;
    let next = Infinity;
    for (const alarm of this.#alarms) next = Math.min(next, alarm.at);
    // In frozen time only what is due already may ring.
    if (this.#frozenAt !== undefined && next > this.#frozenAt) return;
    const waitMs = Math.min(Math.max(next - this.now(), 0), TIMER_MS_MAX);
    this.#timer = setTimeout(() => this.#ringDue(), waitMs);
  }
}
