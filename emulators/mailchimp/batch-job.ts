/** One asynchronous job of `POST /batches`, and the archive in which its answers come. */
import { gzipSync } from 'node:zlib';

export interface BatchJob {
  readonly id: string;
  readonly submittedAt: string;
  readonly completedAt: string;
  readonly total: number;
  readonly errored: number;
  /** When the answers are there, on the emulator's clock. */
  readonly readyAtMs: number;
  readonly archive: Buffer;
}

export interface OperationAnswer {
  readonly status_code: number;
  readonly operation_id: string | null;
  /** JSON as text. */
  readonly response: string;
}

const BLOCK = 512;

/** A gzipped tar with one JSON file, as the vendor's signed link leads to. */
export function archiveOf(answers: readonly OperationAnswer[]): Buffer {
  const content = Buffer.from(JSON.stringify(answers));
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  // A tar ends with two empty blocks.
  return gzipSync(
    Buffer.concat([header('answers.json', content.length), content, padding, Buffer.alloc(2 * BLOCK)]),
  );
}

/** The ustar header of a plain file (POSIX.1-1988): fields at fixed places, numbers as octal text. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 'ascii');
  block.write('0000644\0', 100, 'ascii');
  block.write('0000000\0', 108, 'ascii');
  block.write('0000000\0', 116, 'ascii');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'ascii');
  block.write('00000000000\0', 136, 'ascii');
  // The checksum is taken with its own field blank.
  block.write('        ', 148, 'ascii');
  block.write('0', 156, 'ascii');
  block.write('ustar\x0000', 257, 'ascii');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return block;
}
