import { z } from 'zod';
import type { Outcome } from '../../../kernel/outcome.ts';
import { defineAction, sha256Hex } from '../../../kit/index.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { targetBelow } from '../address.ts';
import { headerFault } from '../headers.ts';
import { deliver, toMessageId } from '../message.ts';
import type { Settings } from '../settings.ts';

const inputSchema = z
  .object({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE', 'GET']).default('POST'),
    path: z.string().max(2000).default('').describe('Below url, already encoded.'),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
    headers: z.record(z.string(), z.string()).default({}).describe('Beside those of the connection.'),
    body: z.json().optional().describe('Text is sent as it is, anything else as JSON.'),
    id: z.string().min(1).max(1000).optional().describe('What the receiver tells repetitions by.'),
    key: z.string().max(1000).optional().describe('Inputs of one key are sent in order.'),
  })
  .superRefine(({ method, headers, body }, context) => {
    for (const [name, value] of Object.entries(headers)) {
      const message = headerFault(name, value);
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['headers', name], message });
    }
    if (method === 'GET' && body !== undefined) {
      context.addIssue({ code: 'custom', path: ['body'], message: 'GET has no body.' });
    }
  });
type Input = z.output<typeof inputSchema>;

export const post = defineAction<Settings>()({
  id: 'post',
  title: 'Send a request',
  summary: 'Sends what a mapping makes of any event: method, path, query, headers and body.',
  input: inputSchema,
  options: z.object({}),
  // Without a key nothing waits for anything.
  orderKey: (input) => input.key ?? input.id ?? sha256Hex(JSON.stringify(input)),
  batch: { maxItems: 1, lingerMs: 0 },
  *deliver(batch, { settings }): Steps<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const item of batch) outcomes.push(yield* deliverOne(item, settings));
    return outcomes;
  },
});

function* deliverOne({ input, traceId }: Item<Input>, settings: Settings): Steps<Outcome> {
  const target = targetBelow(settings.url, input.path, input.query);
  if (target === undefined) {
    const message = 'The path leads out of the address of the connection, or holds a query.';
    return { kind: 'rejected', fault: { code: 'webhook.path_invalid', message } };
  }
  return yield* deliver({
    method: input.method,
    target,
    hasOwnPath: input.path !== '',
    // The same event sent by another flow, or mapped anew, is another message.
    id: toMessageId(input.id ?? JSON.stringify([traceId, input])),
    headers: input.headers,
    body: input.body,
  });
}
