import { readFile } from 'node:fs/promises';
import { LinchpinError } from '../src/kernel/errors.ts';
import { getEmulator, startEmulators } from './command.ts';
import { parseRecording, replay } from './recording/index.ts';
import type { Comparison } from './recording/index.ts';
import type { Recordable } from './registry.ts';
import { seedFromFile } from './seed-file.ts';

export function getRecordable(id: string): Recordable {
  const { recordable } = getEmulator(id);
  if (recordable !== undefined) return recordable;
  throw new LinchpinError('emulators.not_recordable', {
    message: `The ${id} emulator has nothing to record.`,
    field: 'vendor',
  });
}

/** Makes the calls of a recording of an emulator of its own, started for them and closed behind them. */
export async function* replayFile(
  id: string,
  options: { readonly file: string; readonly seed?: string },
): AsyncGenerator<Comparison> {
  const { token } = getRecordable(id);
  const exchanges = parseRecording(await read(options.file), options.file);
  const [emulator] = await startEmulators([id], { port: 0 });
  if (emulator === undefined) return;
  try {
    if (options.seed !== undefined) await seedFromFile(emulator, options.seed);
    yield* replay(exchanges, { url: emulator.url, token, clock: emulator.clock });
  } finally {
    await emulator.close();
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new LinchpinError('emulators.recording_unreadable', {
      message: `The recording ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      field: '--replay',
      cause: error,
    });
  }
}
