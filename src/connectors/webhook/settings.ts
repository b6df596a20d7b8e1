import { z } from 'zod';
import { secret, secretsByName } from '../../kit/index.ts';
import { addressFault } from './address.ts';
import { headerFault } from './headers.ts';
import { isSigningSecret } from './signing-secret.ts';

// No receiver says what it bears, so this is a rate of ours: a backlog of a hundred thousand events takes 34 minutes.
const CALLS_PER_SECOND_DEFAULT = 50;
const CALLS_PER_SECOND_MAX = 1000;

const NO_SECRET =
  'It is 24 to 64 random bytes in base64, with or without whsec_ before them: openssl rand -base64 32 makes one.';

export const settingsSchema = z
  .object({
    // Ends the parse: what is refined below is an address.
    url: z.url({ protocol: /^https?$/, abort: true }).describe('Where messages are sent.'),
    headers: secretsByName()
      .default({})
      .describe('Sent with every message, such as Authorization. The values are kept secret.'),
    secret: secret()
      .optional()
      .describe('Signs messages after Standard Webhooks; they are unsigned without it.'),
    previous_secret: secret()
      .optional()
      .describe('Signs beside the new secret, while receivers change over.'),
    previous_secret_until: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('When the previous secret ends, such as 2026-12-01T12:00:00Z.'),
    calls_per_second: z.int().min(1).max(CALLS_PER_SECOND_MAX).default(CALLS_PER_SECOND_DEFAULT),
    allow_private_addresses: z
      .boolean()
      .default(false)
      .describe('Whether the receiver may be in a network of your own, and be called by http.'),
  })
  .superRefine(({ url, headers, allow_private_addresses, ...signing }, context) => {
    const complain = (path: readonly string[], message: string | undefined): void => {
      if (message !== undefined) context.addIssue({ code: 'custom', path: [...path], message });
    };
    complain(['url'], addressFault(url, allow_private_addresses));
    for (const [name, value] of Object.entries(headers)) {
      const isContentType = name.toLowerCase() === 'content-type';
      const fault = isContentType ? 'It follows from what is sent.' : headerFault(name, value.reveal());
      complain(['headers', name], fault);
    }
    const { secret: current, previous_secret, previous_secret_until } = signing;
    if (current !== undefined && !isSigningSecret(current)) complain(['secret'], NO_SECRET);
    if (previous_secret !== undefined && !isSigningSecret(previous_secret)) {
      complain(['previous_secret'], NO_SECRET);
    }
    if (previous_secret !== undefined && current === undefined) {
      complain(['secret'], 'Give the new one, or leave previous_secret out.');
    }
    if (previous_secret !== undefined && previous_secret_until === undefined) {
      complain(['previous_secret_until'], 'Say when the previous secret ends; a day is usual.');
    }
    if (previous_secret === undefined && previous_secret_until !== undefined) {
      complain(['previous_secret'], 'Give it, or leave previous_secret_until out.');
    }
  });
export type Settings = z.output<typeof settingsSchema>;
