import type { Group } from '../customizations.ts';
import type { Subscriber } from '../subscribers.ts';
import type { Tag } from '../tags.ts';

/** A subscriber as v2 shows it, without its fields. */
export function showSubscriber(subscriber: Subscriber): Record<string, unknown> {
  const { id, email, phone_number, custom_identifier, language, created_at, updated_at } = subscriber;
  return {
    id,
    email,
    phone_number,
    custom_identifier,
    language,
    opted_in: subscriber.status === 'ACTIVE',
    created_at,
    updated_at,
    tags: [...subscriber.tags].map(({ id: tagId, name }) => ({ id: tagId, name })),
    suppressed: [...subscriber.suppressed],
    syncAtSegments: [],
  };
}

export function showTag(tag: Tag, subscribers: readonly Subscriber[]): Record<string, unknown> {
  return { ...tag, recipient_count: subscribers.filter(({ tags }) => tags.has(tag)).length };
}

export function showGroup({ id, name, fields, created_at, updated_at }: Group): Record<string, unknown> {
  return { id, name, fields: [...fields.values()], created_at, updated_at };
}
