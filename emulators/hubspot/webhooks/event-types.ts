/** The 48 event types of subscriptions, the same from v3 to 2027-03-beta (published specifications, 2026-08). */
const OBJECTS = ['contact', 'company', 'deal', 'ticket', 'line_item', 'product', 'object'] as const;
const ACTIONS = ['creation', 'deletion', 'propertyChange', 'merge', 'restore', 'associationChange'] as const;
const CONVERSATIONS = ['creation', 'deletion', 'newMessage', 'privacyDeletion', 'propertyChange'] as const;

export const EVENT_TYPES: readonly string[] = [
  ...OBJECTS.flatMap((object) => ACTIONS.map((action) => `${object}.${action}`)).filter(
    (type) => type !== 'product.associationChange',
  ),
  'contact.privacyDeletion',
  ...CONVERSATIONS.map((action) => `conversation.${action}`),
  'event.completed',
];

/** The prefixes of a record's own event types: `contact` for a contact, and `object` for every record. */
const PREFIX_BY_TYPE_ID: Readonly<Record<string, string>> = {
  '0-1': 'contact',
  '0-2': 'company',
  '0-3': 'deal',
  '0-5': 'ticket',
  '0-7': 'product',
  '0-8': 'line_item',
};

export function prefixOf(typeId: string): string | undefined {
  return PREFIX_BY_TYPE_ID[typeId];
}
