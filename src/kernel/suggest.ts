/** Finds what someone probably meant by a name that does not exist. */

/** The closest of the allowed names, or `undefined` when none is close enough to be what was meant. */
export function suggest(found: string, allowed: readonly string[]): string | undefined {
  // A third of the letters wrong is still a typing mistake; more is another word.
  const distanceMax = Math.max(1, Math.floor(found.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of allowed) {
    const distance = editDistance(found.toLowerCase(), name.toLowerCase());
    if (distance <= distanceMax && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
}

/** Half a sentence for an error message: what was meant, or everything that is allowed. */
export function meant(found: string, allowed: readonly string[], noun: string): string {
  const guess = suggest(found, allowed);
  if (guess !== undefined) return `Did you mean "${guess}"?`;
  if (allowed.length === 0) return `There are no ${noun}.`;
  return `Known ${noun}: ${[...allowed].sort().join(', ')}.`;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforeLast, j - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
