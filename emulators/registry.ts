import { startEmulator } from './core/index.ts';
import type { EmulatorClock, RunningEmulator, StartOptions } from './core/index.ts';
import { googleAnalyticsEmulator } from './google-analytics/index.ts';
import { DEFAULT_TOKEN, hubspotEmulator } from './hubspot/index.ts';
import { kilkayaEmulator } from './kilkaya/index.ts';
import { makeAsEmulator } from './make-as/index.ts';
import { sesamyEmulator } from './sesamy/index.ts';
import { webhookEmulator } from './webhook/index.ts';
import type { z } from 'zod';

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

/** Every emulator, sorted by id. A new vendor adds its import and its line here. */
export const EMULATORS: readonly RegisteredEmulator[] = [
  {
    id: googleAnalyticsEmulator.id,
    start: async (options) => toStarted(await startEmulator(googleAnalyticsEmulator, options)),
  },
  {
    id: hubspotEmulator.id,
    recordable: { upstream: 'https://api.hubapi.com', token: DEFAULT_TOKEN },
    start: async (options) => toStarted(await startEmulator(hubspotEmulator, options)),
  },
  {
    id: kilkayaEmulator.id,
    start: async (options) => toStarted(await startEmulator(kilkayaEmulator, options)),
  },
  {
    id: makeAsEmulator.id,
    start: async (options) => toStarted(await startEmulator(makeAsEmulator, options)),
  },
  {
    id: sesamyEmulator.id,
    start: async (options) => toStarted(await startEmulator(sesamyEmulator, options)),
  },
  {
    id: webhookEmulator.id,
    start: async (options) => toStarted(await startEmulator(webhookEmulator, options)),
  },
];

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
