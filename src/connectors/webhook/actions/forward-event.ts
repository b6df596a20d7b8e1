import { z } from 'zod';
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { defineAction } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { targetOf } from '../address.ts';
import { deliver, toMessageId } from '../message.ts';
import type { Settings } from '../settings.ts';

const inputSchema = z.object({
  id: z.string().min(1).describe('What the receiver tells repetitions by.'),
  key: z.string().describe('Events of one key are sent in order.'),
  type: z.string().min(1).describe('What happened.'),
  timestamp: z.iso.datetime({ offset: true }).describe('When it happened.'),
  payload: z.custom<JsonObject>(isJsonObject, 'must be an object').describe('What is sent.'),
});
type Input = z.output<typeof inputSchema>;

const optionsSchema = z.object({
  body: z
    .enum(['raw', 'standard_webhooks'])
    .default('raw')
    .describe('`raw` sends the payload alone, `standard_webhooks` sends { type, timestamp, data }.'),
});

export const forwardEvent = defineAction<Settings>()({
  id: 'forward-event',
  title: 'Forward an event',
  summary: 'Sends the payload of an event as it is, or in the form of Standard Webhooks.',
  input: inputSchema,
  options: optionsSchema,
  orderKey: ({ key }) => key,
  batch: { maxItems: 1, lingerMs: 0 },
  *deliver(batch, { settings, options }): Steps<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { input } of batch) {
      outcomes.push(
        yield* deliver({
          method: 'POST',
          target: targetOf(settings.url),
          hasOwnPath: false,
          id: toMessageId(input.id),
          headers: {},
          body: options.body === 'raw' ? input.payload : toStandard(input),
        }),
      );
    }
    return outcomes;
  },
});

function toStandard({ type, timestamp, payload }: Input): JsonValue {
  return { type: toStandardType(type), timestamp, data: payload };
}

/** Letters, digits and underscores, parted by full stops: `checkout.1#confirm` becomes `checkout.1.confirm`. */
function toStandardType(type: string): string {
  return type.replaceAll('#', '.').replaceAll(/[^A-Za-z0-9_.]/g, '_');
}
