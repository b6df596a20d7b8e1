import { startEmulator } from './core/index.ts';
import type { StartOptions } from './core/index.ts';
import { hubspotEmulator } from './hubspot/index.ts';
import { sesamyEmulator } from './sesamy/index.ts';

/** A started emulator, as far as a command or a demo cares. */
export interface StartedEmulator {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface RegisteredEmulator {
  readonly id: string;
  start(options?: StartOptions): Promise<StartedEmulator>;
}

/** Every emulator, sorted by id. A new vendor adds its import and its line here. */
export const EMULATORS: readonly RegisteredEmulator[] = [
  { id: hubspotEmulator.id, start: (options) => startEmulator(hubspotEmulator, options) },
  { id: sesamyEmulator.id, start: (options) => startEmulator(sesamyEmulator, options) },
];
