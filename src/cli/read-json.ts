/** Reads JSON that a command was given: a file, or standard input as `-`. */
import { LinchpinError } from '../kernel/errors.ts';

/** `option` is what the file was given with, to be named when it cannot be read. */
export async function readJson(file: string, option: string): Promise<unknown> {
  const { readFile } = await import('node:fs/promises');
  const unreadable = (what: string, cause: unknown): LinchpinError =>
    new LinchpinError('cli.usage', {
      message: `${file} ${what}: ${(cause as Error).message}.`,
      field: option,
      cause,
    });
  let text: string;
  try {
    // The file of descriptor 0 is standard input.
    text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch (cause) {
    throw unreadable('cannot be read', cause);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unreadable('holds no JSON', cause);
  }
}
