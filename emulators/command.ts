import { LinchpinError } from '../src/kernel/errors.ts';
import { EMULATORS } from './registry.ts';
import type { RegisteredEmulator, StartedEmulator } from './registry.ts';

export function emulatorIds(): string[] {
  return EMULATORS.map((emulator) => emulator.id);
}

/** Stands for every emulator; no vendor has this id. */
const ALL = 'all';

/**
 * Starts the named emulators, on consecutive ports from `port` in the order given, or every one in the order of their
 * ids for `all`; port 0 takes free ones.
 * When one cannot start, those already started are closed again.
 */
export async function startEmulators(
  ids: readonly string[],
  options: { readonly port: number; readonly host?: string },
): Promise<StartedEmulator[]> {
  const chosen = ids.flatMap((id) => (id === ALL ? EMULATORS : [getEmulator(id)]));
  const started: StartedEmulator[] = [];
  for (const [index, emulator] of chosen.entries()) {
    const port = options.port === 0 ? 0 : options.port + index;
    try {
      started.push(
        await emulator.start({ port, ...(options.host === undefined ? {} : { host: options.host }) }),
      );
    } catch (error) {
      await Promise.all(started.map((running) => running.close()));
      throw isPortTaken(error)
        ? new LinchpinError('emulators.port_taken', {
            message: `The ${emulator.id} emulator cannot listen on port ${port}: another program does.`,
            field: '--port',
            cause: error,
          })
        : error;
    }
  }
  return started;
}

export function getEmulator(id: string): RegisteredEmulator {
  const found = EMULATORS.find((emulator) => emulator.id === id);
  if (found !== undefined) return found;
  throw new LinchpinError('emulators.unknown', {
    message: `There is no emulator "${id}".`,
    field: 'vendor',
    remedy: `Use one of: ${emulatorIds().join(', ')}, or all.`,
  });
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
