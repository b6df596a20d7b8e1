import type { ContactContext } from './record-context.ts';
import { hashOf } from './draft.ts';
import type { Draft } from './draft.ts';

interface Known {
  readonly id: string;
  readonly hash: number;
}

// Only a hint: an address that has moved to another record meanwhile is answered by HubSpot with its holder.
// A day keeps yesterday's subscribers at one call per hundred.
const TTL_MS = 86_400_000;

/** Remembers that a contact exists under this primary address, and what it was last given. */
export function remember(draft: Draft, id: string, context: ContactContext): void {
  const known: Known = { id, hash: hashOf(draft) };
  context.cache.set(keyOf(draft), known, TTL_MS);
}

export function forget(draft: Draft, context: ContactContext): void {
  context.cache.delete(keyOf(draft));
}

export function knownId(draft: Draft, context: ContactContext): string | undefined {
  return find(draft, context)?.id;
}

/**
 * Whether these contacts can be written unread. Not when one is unknown or a rule asks for its state; nor
 * when all of them repeat what HubSpot took last, because then a read may save the write.
 */
export function canWriteUnread(drafts: readonly Draft[], context: ContactContext): boolean {
  let isRepetition = true;
  for (const draft of drafts) {
    const entry = draft.needsRecord ? undefined : find(draft, context);
    if (entry === undefined) return false;
    isRepetition &&= entry.hash === hashOf(draft);
  }
  return !isRepetition;
}

function find(draft: Draft, context: ContactContext): Known | undefined {
  // Only `remember` writes under these keys.
  return context.cache.get(keyOf(draft)) as Known | undefined;
}

function keyOf(draft: Draft): string {
  return `contact:${draft.email}`;
}
