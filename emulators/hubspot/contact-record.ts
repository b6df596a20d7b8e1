/** One version of one property of a contact. */
export interface HistoryEntry {
  readonly property: string;
  /** Empty when it was cleared. */
  readonly value: string;
  readonly at: number;
  readonly appId: number;
}

/**
 * A contact as it is kept: only what was written. What HubSpot computes is derived when it is read
 * (`computed.ts`), which keeps a million contacts within memory. `values` is replaced on every write and
 * never changed, so that the search index can hold on to what it has seen.
 */
export interface ContactRecord {
  readonly id: string;
  readonly createdAt: number;
  /** The app whose token created it. */
  readonly appId: number;
  values: Readonly<Record<string, string>>;
  updatedAt: number;
  /** When the present lifecycle stage began. */
  stageAt: number;
  archivedAt: number | undefined;
  history: HistoryEntry[];
}

// Documented depth for most APIs; the depth of the whole list is ours, so that a busy contact stays small.
const VERSIONS_PER_PROPERTY_MAX = 20;
const HISTORY_LENGTH_MAX = 400;

export function addHistory(record: ContactRecord, entry: HistoryEntry): void {
  record.history.push(entry);
  if (record.history.length <= HISTORY_LENGTH_MAX) return;
  const counts = new Map<string, number>();
  record.history = record.history
    .toReversed()
    .filter(({ property }) => {
      const count = (counts.get(property) ?? 0) + 1;
      counts.set(property, count);
      return count <= VERSIONS_PER_PROPERTY_MAX;
    })
    .toReversed();
}

/** Newest first, as HubSpot lists it. */
export function historyOf(record: ContactRecord, property: string): Record<string, unknown>[] {
  return record.history
    .filter((entry) => entry.property === property)
    .slice(-VERSIONS_PER_PROPERTY_MAX)
    .toReversed()
    .map(({ value, at, appId }) => ({
      value,
      timestamp: new Date(at).toISOString(),
      sourceType: 'INTEGRATION',
      sourceId: String(appId),
    }));
}

/** The secondary addresses, `;`-separated in one property. */
export function additionalEmails(values: Readonly<Record<string, string>>): string[] {
  return (values['hs_additional_emails'] ?? '').split(';').filter((email) => email !== '');
}
