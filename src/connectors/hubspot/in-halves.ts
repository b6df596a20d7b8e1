import type { Steps } from '../../kit/index.ts';

/** What a call that carried several entries decided, and about which of them it left us in the dark. */
export interface Partly<Entry, Verdict> {
  readonly settled: ReadonlyMap<Entry, Verdict>;
  /** Entries of a call that was refused whole, or for a reason that names none of them. */
  readonly unclear: readonly Entry[];
}

/**
 * Sends entries in one call, and where it is refused for one bad entry the halves of it, until the bad one stands
 * alone. For calls that must not be repeated for entries they took: the engine, which halves batches too, would
 * start the whole conversation again. `attempt` settles a single entry whatever the answer.
 */
export function* inHalves<Entry, Verdict>(
  entries: readonly Entry[],
  attempt: (entries: readonly Entry[]) => Steps<Partly<Entry, Verdict>>,
): Steps<ReadonlyMap<Entry, Verdict>> {
  if (entries.length === 0) return new Map();
  const { settled, unclear } = yield* attempt(entries);
  if (unclear.length === 0) return settled;
  // What is unclear although it was alone would be asked for ever.
  if (entries.length === 1) throw new TypeError('An entry that was sent alone is left without a verdict.');
  if (unclear.length < entries.length) return new Map([...settled, ...(yield* inHalves(unclear, attempt))]);
  const middle = Math.ceil(unclear.length / 2);
  const first = yield* inHalves(unclear.slice(0, middle), attempt);
  const second = yield* inHalves(unclear.slice(middle), attempt);
  return new Map([...settled, ...first, ...second]);
}

/** Parts of at most `size` entries, in order. */
export function chunksOf<Entry>(entries: readonly Entry[], size: number): readonly (readonly Entry[])[] {
  const chunks: (readonly Entry[])[] = [];
  for (let start = 0; start < entries.length; start += size) chunks.push(entries.slice(start, start + size));
  return chunks;
}
