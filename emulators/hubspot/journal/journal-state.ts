/** The webhooks journal: a chain of files that apps pull, instead of being called. */
import { createHash } from 'node:crypto';
import type { EmulatorClock } from '../../core/index.ts';
import type { Occurrence } from '../events/event-store.ts';
import type { Change } from '../objects/change-feed.ts';
import type { Portal } from '../portal.ts';
import type { Switches } from '../switches.ts';
import type { JournalSubscription } from './journal-subscription.ts';
import { entryOfChange, entryOfCompletion } from './journal-entries.ts';
import type { JournalEntry } from './journal-entries.ts';

// Documented retention.
const RETENTION_MS = 3 * 86_400_000;
// The size of a file is not documented: as large as a webhook.
const FILE_ENTRIES_MAX = 100;
const FIRST_SUBSCRIPTION_ID = 500_001;

/** One link of the chain. */
export interface JournalFile {
  readonly offset: string;
  readonly appId: number;
  readonly at: number;
  readonly entries: JournalEntry[];
}

/** A short-lived address of a file. */
interface Ticket {
  readonly file: JournalFile;
  readonly expiresAt: number;
}

export class JournalState {
  readonly #clock: EmulatorClock;
  readonly #switches: () => Switches;
  readonly subscriptions = new Map<number, JournalSubscription>();
  readonly #files = new Map<number, JournalFile[]>();
  readonly #tickets = new Map<string, Ticket>();
  #nextSubscriptionId = FIRST_SUBSCRIPTION_ID;
  #made = 0;

  constructor(clock: EmulatorClock, switches: () => Switches) {
    this.#clock = clock;
    this.#switches = switches;
  }

  get isListening(): boolean {
    return this.subscriptions.size > 0;
  }

  subscribe(wanted: Omit<JournalSubscription, 'id'>): JournalSubscription {
    const subscription = { id: this.#nextSubscriptionId++, ...wanted };
    this.subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  noteChange(portal: Portal, change: Change): void {
    this.#note((subscription) => entryOfChange(portal, change, subscription));
  }

  noteEvent(portal: Portal, occurrence: Occurrence): void {
    this.#note((subscription) => entryOfCompletion(portal, occurrence, subscription));
  }

  /** Files of one app that are kept, oldest first; of one account where `portalId` is given. */
  files(appId: number, portalId?: number): JournalFile[] {
    const kept = (this.#files.get(appId) ?? []).filter(({ at }) => at > this.#clock.now() - RETENTION_MS);
    this.#files.set(appId, kept);
    if (portalId === undefined) return kept;
    return kept
      .map((file) => ({ ...file, entries: file.entries.filter((entry) => entry['portalId'] === portalId) }))
      .filter(({ entries }) => entries.length > 0);
  }

  issueTicket(file: JournalFile): { readonly token: string; readonly expiresAt: number } {
    const token = createHash('sha256')
      .update(`${file.offset}:${this.#clock.now()}:${this.#made}`)
      .digest('hex');
    this.#made += 1;
    const expiresAt = this.#clock.now() + this.#switches().journalUrlLifeMs;
    this.#tickets.set(token, { file, expiresAt });
    return { token, expiresAt };
  }

  /** The file behind an address, unless the address has expired. */
  redeem(token: string): JournalFile | 'expired' | undefined {
    const ticket = this.#tickets.get(token);
    if (ticket === undefined) return undefined;
    return ticket.expiresAt > this.#clock.now() ? ticket.file : 'expired';
  }

  #note(entryOf: (subscription: JournalSubscription) => JournalEntry | undefined): void {
    for (const subscription of this.subscriptions.values()) {
      const entry = entryOf(subscription);
      if (entry !== undefined) this.#append(subscription.appId, entry);
    }
  }

  /** What happens within one moment shares a file. */
  #append(appId: number, entry: JournalEntry): void {
    const now = this.#clock.now();
    const files = this.#files.get(appId) ?? [];
    const last = files.at(-1);
    if (last?.at === now && last.entries.length < FILE_ENTRIES_MAX) {
      last.entries.push(entry);
      return;
    }
    files.push({ offset: this.#offset(now), appId, at: now, entries: [entry] });
    this.#files.set(appId, files);
  }

  /** Shaped as a version 7 UUID, so that offsets sort by time; nothing promises that HubSpot's do. */
  #offset(now: number): string {
    this.#made += 1;
    const time = now.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${this.#made.toString(16).padStart(12, '0')}`;
  }
}
