/**
 * Time that stands still while anything is on its way through a socket, and then jumps to whoever sleeps shortest. So
 * minutes of work against a real server take as long as the machine needs, and come out alike on a slow one.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { makeManualClock } from './manual-clock.ts';
import type { ManualClock } from './manual-clock.ts';

export interface VirtualTime {
  readonly clock: ManualClock;
  /** Something that time waits for; requests made with undici are known without it. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** Something that takes its time while one of those waits for it, as a slow vendor does. */
  readonly aside: <T>(work: () => Promise<T>) => Promise<T>;
  /** Lets so much time pass. */
  readonly pass: (ms: number) => Promise<void>;
  /** Requests are no longer watched. */
  readonly stop: () => void;
}

// Turns of the event loop that an answer takes at the most from the socket to whoever waits for it.
const TURNS = 8;

export function makeVirtualTime(startMs?: number): VirtualTime {
  const clock = makeManualClock(startMs);
  let onItsWay = 0;
  const begun = (): void => {
    onItsWay += 1;
  };
  const ended = (): void => {
    onItsWay -= 1;
  };
  const channels = [
    ['undici:request:create', begun],
    ['undici:request:trailers', ended],
    ['undici:request:error', ended],
  ] as const;
  for (const [name, heard] of channels) subscribe(name, heard);
  const quiet = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await setImmediate();
      if (onItsWay > 0) turn = 0;
    }
  };
  return {
    clock,
    during: (work) => between(begun, work, ended),
    aside: (work) => between(ended, work, begun),
    pass: async (ms) => {
      const endMs = clock.now() + ms;
      await quiet();
      while (clock.now() < endMs) {
        await clock.advance(Math.min(endMs - clock.now(), clock.nextWakeMs ?? endMs));
        await quiet();
      }
    },
    stop: () => {
      for (const [name, heard] of channels) unsubscribe(name, heard);
    },
  };
}

async function between<T>(before: () => void, work: () => Promise<T>, after: () => void): Promise<T> {
  before();
  try {
    return await work();
  } finally {
    after();
  }
}
