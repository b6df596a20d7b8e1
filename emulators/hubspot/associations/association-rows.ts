import { Refused } from '../../core/index.ts';
import type { Call } from '../call.ts';
import type { ErrorBody } from '../errors.ts';

/** What became of the rows of a batch. */
export interface Rows {
  readonly results: unknown[];
  readonly errors: Readonly<Record<string, unknown>>[];
}

/** Row by row: a bad one never takes the others along, and its error is what the call for it alone would answer. */
export function runRows<Input>(
  inputs: readonly Input[],
  run: (input: Input, index: number) => unknown[],
): Rows {
  const rows: Rows = { results: [], errors: [] };
  for (const [index, input] of inputs.entries()) {
    try {
      rows.results.push(...run(input, index));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Everything below these routes refuses in HubSpot's envelope.
      const { category, subCategory, message, context } = error.reply.body as ErrorBody;
      rows.errors.push({
        status: 'error',
        category,
        ...(subCategory === undefined ? {} : { subCategory }),
        message,
        context,
      });
    }
  }
  return rows;
}

export function rowsEnvelope(call: Call, { results, errors }: Rows): Record<string, unknown> {
  const at = new Date(call.now).toISOString();
  return {
    status: 'COMPLETE',
    results,
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt: at,
    completedAt: at,
  };
}
