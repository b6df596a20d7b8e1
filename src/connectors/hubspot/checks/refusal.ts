import { stringField } from '../../../kit/index.ts';
import type { CallResponse, CheckLine } from '../../../kit/index.ts';
import { missingScopes } from '../vendor-error.ts';
import { SCOPE_REMEDY } from './scopes.ts';

/** A line for a 403, in HubSpot's own words. */
export function refusal(text: string, { body }: CallResponse, remedy: string = SCOPE_REMEDY): CheckLine {
  const needed = missingScopes(body);
  const why =
    needed.length > 0 ? `scopes ${needed.join(', ')}` : (stringField(body, 'category') ?? 'refused');
  return { ok: false, text: `${text} (${why})`, remedy };
}
