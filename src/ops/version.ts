import { readFileSync } from 'node:fs';

/** The version of this Linchpin, as package.json says it. */
export function readVersion(): string {
  // Valid in `src/ops/` and in a bundle two folders below the root.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version; // Our own file.
}
