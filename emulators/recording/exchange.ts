import { z } from 'zod';
import { LinchpinError } from '../../src/kernel/errors.ts';

/** One call of a vendor and its answer, without secrets; a line of a recording. */
const exchangeSchema = z.strictObject({
  at: z.iso.datetime(),
  method: z.string().min(1),
  /** With the query. */
  path: z.string().startsWith('/'),
  contentType: z.string().optional(),
  body: z.string().optional(),
  status: z.int(),
  /** Those of the answer that mean something to a client: kind, limits, waits. */
  headers: z.record(z.string(), z.string()),
  answer: z.string().optional(),
});

export type Exchange = z.output<typeof exchangeSchema>;

export function parseRecording(text: string, file: string): Exchange[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      try {
        return exchangeSchema.parse(JSON.parse(line));
      } catch (error) {
        throw new LinchpinError('emulators.recording_unreadable', {
          message: `Line ${number} of ${file} is not a recorded exchange.`,
          field: `${file}:${number}`,
          cause: error,
        });
      }
    });
}
