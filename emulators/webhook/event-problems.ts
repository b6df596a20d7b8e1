import { z } from 'zod';

/**
 * The body of the subscription platform's own forwarding, for calls that look like one:
 * https://developers.sesamy.com/integrations/concepts.html and guides/webhooks.html (read 2026-11). Six of its
 * eight events are forwarded; `occured_at` is spelled with one `r`.
 */
const rawEventSchema = z.looseObject({
  eventType: z.enum(
    [
      'userVendor.1#new',
      'userVendor.1#update',
      'contract.1#purchased',
      'contract.1#update',
      'contract#cancelRequest',
      'checkout.1#confirm',
    ],
    'is none of the six that are forwarded',
  ),
  userId: z.string().min(1).optional(),
  vendorId: z.string().min(1).optional(),
  contractId: z.string().min(1).optional(),
  checkoutId: z.string().min(1).optional(),
  occured_at: z.iso.datetime({ offset: true, local: true }),
});

/** `{type, timestamp, data}`, with a type of letters, digits, underscores and full stops. */
const standardSchema = z.strictObject({
  type: z.string().regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/, 'is not delimited by full stops'),
  timestamp: z.iso.datetime({ offset: true }),
  data: z.unknown(),
});

/** What is wrong with a body of one of the two known forms; other bodies are the sender's own business. */
export function eventProblems(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return [];
  const schema =
    'eventType' in body ? rawEventSchema : 'type' in body && 'data' in body ? standardSchema : null;
  if (schema === null) return [];
  const { error } = schema.safeParse(body);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'the body'} ${message}`);
}
