/** The form in which the credentials of sources are stored and looked up. */
import { hash } from 'node:crypto';

/**
 * Comparing hashes inside an index gives an attacker who times answers nothing to climb: a near miss hashes
 * to something unrelated. Blanks around a credential do not count, as they do not in what clients present.
 */
export function hashCredential(credential: string): Buffer {
  return hash('sha256', credential.trim(), 'buffer');
}
