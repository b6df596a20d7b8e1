/** `$lower`, `$upper`, `$trim`, `$hash`: text made into other text. */
import { createHash } from 'node:crypto';
import { isBlank } from './directive.ts';
import type { ReadDirective } from './directive.ts';
import { readChoice, readFitted } from './options.ts';

/** Only text is changed; everything else is handed through. */
function changing(change: (text: string) => string): ReadDirective {
  return (written, { read }) => {
    const value = read(written);
    if (value === undefined) return undefined;
    return (scope) => {
      const found = value(scope);
      return typeof found === 'string' ? change(found) : found;
    };
  };
}

export const readLower = changing((text) => text.toLowerCase());
export const readUpper = changing((text) => text.toUpperCase());
export const readTrim = changing((text) => text.trim());

/** A hexadecimal digest of text in UTF-8, the form in which advertising platforms take addresses and numbers. */
export const readHash: ReadDirective = (written, place) => {
  const fitted = readFitted(written, place, ['algorithm']);
  if (fitted === undefined) return undefined;
  const { value, options, misfit } = fitted;
  const algorithm = readChoice(options, 'algorithm', ['sha256', 'sha1', 'md5'], place);
  return (scope) => {
    const found = value(scope);
    if (isBlank(found)) return undefined;
    if (typeof found === 'object') return misfit(scope, 'no text');
    return createHash(algorithm).update(String(found)).digest('hex');
  };
};
