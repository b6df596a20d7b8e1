import { z } from 'zod';
import type { EmulatorClock, Reply } from '../core/index.ts';

const answerSchema = z.strictObject({
  status: z.int().min(200).max(599),
  headers: z.record(z.string().min(1), z.string()).default({}),
  body: z.string().default(''),
  /** The body is filled up to this size. */
  bodyBytes: z
    .int()
    .nonnegative()
    .max(64 * 1024 * 1024)
    .default(0),
  /** Waits this long before the answer, on the emulator's clock. */
  delayMs: z.int().nonnegative().default(0),
});
export type Answer = z.output<typeof answerSchema>;

// Longer than the 15 to 30 seconds that Standard Webhooks lets a sender wait, so that every sender has gone before.
const HANG_MS = 3_600_000;
// Shorter than that, and long enough to be seen.
const SLOW_MS = 2_000;
// More than any sender keeps of an answer: 20,000 bytes (Svix) to 128 KiB (Outpost).
const HUGE_BYTES = 1024 * 1024;

/** What receivers do, by name. */
const MODES = {
  '200': { status: 200, body: 'ok' },
  '204': { status: 204 },
  '301': { status: 301, headers: { location: '/elsewhere' } },
  '400': { status: 400, body: 'unexpected body' },
  '408': { status: 408 },
  '410': { status: 410, body: 'this endpoint is gone' },
  '429': { status: 429, headers: { 'retry-after': '5' } },
  '500': { status: 500, body: 'internal error' },
  slow: { status: 200, delayMs: SLOW_MS },
  hang: { status: 200, delayMs: HANG_MS },
  huge: { status: 200, bodyBytes: HUGE_BYTES },
} as const satisfies Readonly<Record<string, z.input<typeof answerSchema>>>;

type Mode = keyof typeof MODES;
const MODE_NAMES = Object.keys(MODES) as readonly Mode[];

/** The name of a mode, or an answer spelled out. */
export const scriptedSchema = z.union([
  z.enum(MODE_NAMES as [Mode, ...Mode[]]).transform((mode): Answer => answerSchema.parse(MODES[mode])),
  answerSchema,
]);

/** Gives the answer, when its time has come. */
export async function play(
  { status, headers, body, bodyBytes, delayMs }: Answer,
  clock: EmulatorClock,
): Promise<Reply> {
  if (delayMs > 0) await clock.sleep(delayMs);
  const text = body.padEnd(bodyBytes, 'x');
  return { status, headers, ...(text === '' ? {} : { body: text }) };
}
