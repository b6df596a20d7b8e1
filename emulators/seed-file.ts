/** Seeds in YAML or JSON files, whose mistakes are told with their line. */
import { readFile } from 'node:fs/promises';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { ZodError } from 'zod';
import { LinchpinError } from '../src/kernel/errors.ts';
import { SeedFault } from './core/index.ts';
import type { StartedEmulator } from './registry.ts';

/** Reads the file and gives it to the emulator. */
export async function seedFromFile(emulator: StartedEmulator, file: string): Promise<void> {
  const text = await read(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw new LinchpinError('emulators.seed_unreadable', {
      message: `The seed is not valid YAML: ${syntax.message}`,
      field: placeOf(syntax.pos[0]),
      cause: syntax,
    });
  }
  try {
    emulator.seed(document.toJS());
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    throw new LinchpinError('emulators.seed_refused', {
      message: `The ${emulator.id} emulator refuses the seed at ${fault.path.join('.') || 'its top'}: ${fault.reason}`,
      field: placeOf(offsetOf(document, fault.path)),
      cause: error,
    });
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new LinchpinError('emulators.seed_unreadable', {
      message: `The seed ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      field: '--seed',
      cause: error,
    });
  }
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

function faultOf(error: unknown): Fault | undefined {
  if (error instanceof SeedFault) return error;
  const issue = error instanceof ZodError ? error.issues[0] : undefined;
  if (issue === undefined) return undefined;
  const path = issue.path.flatMap((key) => (typeof key === 'symbol' ? [] : [key]));
  const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return { path: unknown === undefined ? path : [...path, unknown], reason: issue.message };
}

/** Where a value stands, or the closest thing around it that does. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
