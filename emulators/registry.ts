/** The emulators as a list; `every.ts` has a line for each. */
import type { z } from 'zod';
import { startEmulator } from './core/index.ts';
import type { EmulatorClock, EmulatorDefinition, RunningEmulator, StartOptions } from './core/index.ts';
import * as every from './every.ts';
import { DEFAULT_TOKEN, hubspotEmulator } from './hubspot/index.ts';

/** A started emulator, as far as a command or a demo cares. */
export interface StartedEmulator {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly port: number;
  readonly clock: EmulatorClock;
  /** Adds a seed of the emulator's own shape; a wrong one is thrown as a ZodError or a SeedFault. */
  seed(input: unknown): void;
  close(): Promise<void>;
}

/** What it takes to record the vendor's answers and to compare them with the emulator's. */
export interface Recordable {
  /** Where the vendor itself is. */
  readonly upstream: string;
  /** The token that the emulator knows from the start. */
  readonly token: string;
}

export interface RegisteredEmulator {
  readonly id: string;
  readonly recordable?: Recordable;
  start(options?: StartOptions): Promise<StartedEmulator>;
}

// What an emulator keeps stands in the parameters of its functions, so only `any` can stand for "some state".
// eslint-disable-next-line typescript/no-explicit-any -- see above
type AnyEmulator = EmulatorDefinition<any, any, any>;

const RECORDABLE: Readonly<Record<string, Recordable>> = {
  [hubspotEmulator.id]: { upstream: 'https://api.hubapi.com', token: DEFAULT_TOKEN },
};

/** In the order of their names in `every.ts`, which is alphabetical. */
export const EMULATORS: readonly RegisteredEmulator[] = Object.values<AnyEmulator>(every).map(
  (definition) => {
    const recordable = RECORDABLE[definition.id];
    return {
      id: definition.id,
      ...(recordable === undefined ? {} : { recordable }),
      start: async (options) => toStarted(await startEmulator(definition, options)),
    };
  },
);

function toStarted<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  running: RunningEmulator<State, Seed, Limits>,
): StartedEmulator {
  const { id, title, url, port, clock, admin } = running;
  return {
    id,
    title,
    url,
    port,
    clock,
    // Checked by the emulator's own schema, whatever it is.
    seed: (input) => admin.seed(input as z.input<Seed>),
    close: () => running.close(),
  };
}
