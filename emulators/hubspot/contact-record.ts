/** One write to a contact, kept for the history of its properties. */
export interface WrittenChanges {
  readonly at: number;
  readonly appId: number;
  /** The empty string cleared a property. */
  readonly changes: Readonly<Record<string, string>>;
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
  /** Oldest first. */
  history: WrittenChanges[];
}

// Documented depth for most APIs; the number of writes is ours, so that a busy contact stays small.
const VERSIONS_MAX = 20;
const WRITES_MAX = 200;

export function addHistory(record: ContactRecord, write: WrittenChanges): void {
  record.history.push(write);
  if (record.history.length > WRITES_MAX) record.history.shift();
}

/** Newest first, as HubSpot lists it; writing the same value again makes no version. */
export function historyOf(record: ContactRecord, property: string): Record<string, unknown>[] {
  const versions: Record<string, unknown>[] = [];
  let last = '';
  for (const { at, appId, changes } of record.history) {
    const value = changes[property];
    if (value === undefined || value === last) continue;
    last = value;
    versions.push({
      value,
      timestamp: new Date(at).toISOString(),
      sourceType: 'INTEGRATION',
      sourceId: String(appId),
    });
  }
  return versions.slice(-VERSIONS_MAX).toReversed();
}

/** The secondary addresses, `;`-separated in one property. */
export function additionalEmails(values: Readonly<Record<string, string>>): string[] {
  return (values['hs_additional_emails'] ?? '').split(';').filter((email) => email !== '');
}
