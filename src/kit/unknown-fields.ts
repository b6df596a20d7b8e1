import { z } from 'zod';
import { meant } from '../kernel/suggest.ts';
import type { AnyAction } from './action.ts';

export interface UnknownField {
  readonly name: string;
  /** What is wrong, and what was probably meant. */
  readonly message: string;
}

/**
 * Those of some fields that an action does not take. A schema drops them in silence, so whoever writes an input by hand
 * is asked first: a misspelt field would go out as one that is missing.
 */
export function unknownFields({ id, input }: AnyAction, names: readonly string[]): readonly UnknownField[] {
  if (!(input instanceof z.ZodObject)) return [];
  const known = Object.keys(input.shape);
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({ name, message: `${id} takes no field "${name}". ${meant(name, known, 'fields')}` }));
}
