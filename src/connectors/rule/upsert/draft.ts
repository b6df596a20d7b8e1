import type { Fault } from '../../../kernel/outcome.ts';
import { toWireFields } from '../wire-fields.ts';
import type { WireField } from '../wire-fields.ts';
import type { SubscriberInput, SubscriberOptions } from '../subscriber-input.ts';

/** A subscriber as it is to be in Rule, whichever API writes it. */
export interface Draft {
  readonly email: string;
  readonly phone: string | undefined;
  readonly tags: readonly string[];
  readonly keepTags: readonly string[];
  readonly fields: readonly WireField[];
  readonly automation: SubscriberOptions['automation'];
}

export type Drafted =
  { readonly kind: 'draft'; readonly draft: Draft } | { readonly kind: 'refused'; readonly fault: Fault };

export function toDraft(input: SubscriberInput, options: SubscriberOptions): Drafted {
  const written = toWireFields(input, options);
  if (written.kind === 'refused') return written;
  const { email, phone, tags, keep_tags } = input;
  return {
    kind: 'draft',
    draft: {
      email,
      phone,
      tags,
      keepTags: keep_tags,
      fields: written.fields,
      automation: options.automation,
    },
  };
}
