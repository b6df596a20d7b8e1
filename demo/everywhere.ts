/** One reader of the day at nine more vendors: how they are connected, and what they hold of that reader in the evening. */
import { startEmulators } from '../emulators/index.ts';
import type { ConnectionDefinition, FlowDefinition } from '../src/flows/workspace.ts';
import type { JsonObject } from '../src/kernel/json.ts';
import { personAt } from './lives.ts';
import { pictureOf } from './pictures.ts';
import type { Picture } from './pictures.ts';
import { connectionTo, vendorOf, VENDORS } from './vendors.ts';

// Whoever lets one of two subscriptions expire: two purchases, and tags that come and go.
const READER = personAt(8);

// HubSpot has all readers of the day.
const NINE = Object.keys(VENDORS).filter((id) => id !== 'hubspot');

export interface Everywhere {
  /** Whom it is about. */
  readonly reader: string;
  readonly connections: readonly ConnectionDefinition[];
  readonly flows: readonly FlowDefinition[];
  /** What each vendor says of the reader, in a few words. */
  tell(): Promise<readonly (readonly [vendor: string, what: string])[]>;
  close(): Promise<void>;
}

export async function startEverywhere(): Promise<Everywhere> {
  const emulators = await startEmulators(NINE, { port: 0 });
  // Mailchimp takes no address of example.com, where all readers of the demo live.
  emulators.find(({ id }) => id === 'mailchimp')?.seed({ switches: { areExamplesFake: false } });
  return {
    reader: `${READER.firstName} ${READER.lastName}`,
    connections: emulators.map(({ id, url }) => connectionTo(id, url)),
    flows: emulators.map(({ id }) => flowOf(id)),
    tell: () =>
      Promise.all(
        emulators.map(async ({ id, title, url }) => {
          const picture = await pictureOf(id, url, READER.email ?? '');
          return [title, wordsFor(picture)] as const;
        }),
      ),
    close: async () => {
      await Promise.all(emulators.map((emulator) => emulator.close()));
    },
  };
}

/** The day has hundreds of readers; for nine vendors one is enough. Raw events name the reader, derived ones hold it. */
function flowOf(id: string): FlowDefinition {
  const is = (path: string): JsonObject => ({ path, equals: READER.userId });
  return {
    name: `everywhere.${id}`,
    preset: vendorOf(id).preset,
    from: 'sesamy',
    to: id,
    when: { any: [is('userId'), is('snapshot.person.userId'), is('person.userId')] },
    options: {},
  };
}

// As many as fit a line.
const TAGS_SHOWN = 2;

function wordsFor({ fields, tags, purchases, messages }: Picture): string {
  if (messages.length > 0)
    return `${String(messages.length)} messages, the last one ${messages.at(-1)?.name ?? ''}`;
  if (purchases.length > 0) return `${String(purchases.length)} purchases`;
  if (Object.keys(fields).length === 0) return 'nothing';
  const filled = Object.values(fields).filter((value) => value !== '').length;
  const shown = tags.slice(0, TAGS_SHOWN).join(', ');
  const more = tags.length > TAGS_SHOWN ? ', …' : '';
  return `${String(filled)} fields, ${String(tags.length)} tags: ${shown}${more}`;
}
