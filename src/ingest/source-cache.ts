import type { Clock } from '../kernel/clock.ts';
import { hashCredential } from '../store/credential-hash.ts';
import type { Source } from './source.ts';

export type FindSource = (credentialHash: Buffer) => Promise<Source | undefined>;

// How long a key that `linchpin apply` revoked may still work, and one that it added may still be refused.
const TTL_MS = 5_000;

// Far more than anybody has sources; reached only by someone who tries keys.
const ENTRIES_MAX = 10_000;

interface Entry {
  readonly source: Promise<Source | undefined>;
  readonly until: number;
}

/**
 * Remembers for a few seconds which source a credential belongs to, unknown ones too, so that a busy source
 * costs no query per request. Only hashes are kept, and a failed query is not remembered.
 */
export function makeSourceCache(
  find: FindSource,
  clock: Clock,
): (credential: string) => Promise<Source | undefined> {
  const entries = new Map<string, Entry>();
  return (credential) => {
    const credentialHash = hashCredential(credential);
    const key = credentialHash.toString('latin1');
    const now = clock.now();
    const known = entries.get(key);
    if (known !== undefined && known.until > now) return known.source;

    const source = find(credentialHash);
    entries.delete(key);
    const [oldest] = entries.keys();
    if (entries.size >= ENTRIES_MAX && oldest !== undefined) entries.delete(oldest);
    const entry: Entry = { source, until: now + TTL_MS };
    entries.set(key, entry);
    source.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    return source;
  };
}
