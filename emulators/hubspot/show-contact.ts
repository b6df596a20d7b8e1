import { allOf, ALWAYS, DEFAULT_READ, iso, urlOf, valueOf, WITH_UPDATES } from './computed.ts';
import { historyOf } from './contact-record.ts';
import type { ContactRecord } from './contact-record.ts';
import type { Portal } from './portal.ts';

export type ShownContact = Record<string, unknown> & { readonly id: string };

type Values = Record<string, string | null>;

/** A contact in an answer to a read: the default properties, or those asked for, plus the ones always sent. */
export function showRead(
  record: ContactRecord,
  portal: Portal,
  asked: readonly string[],
  withHistory: readonly string[] = [],
): ShownContact {
  const names =
    asked.length === 0 && withHistory.length === 0 ? DEFAULT_READ : [...asked, ...withHistory, ...ALWAYS];
  const shown: Values = {};
  for (const name of names) {
    // Asked for and unset is null; asked for and unknown is left out (both recorded).
    if (portal.properties.find(name) !== undefined) shown[name] = valueOf(record, name) ?? null;
  }
  if (withHistory.length === 0) return frame(record, portal, shown, {});
  const propertiesWithHistory = Object.fromEntries(
    withHistory.map((name) => [name, historyOf(record, name)]),
  );
  return frame(record, portal, shown, { propertiesWithHistory });
}

/** The answer to a creation: all that is set, computed values included. */
export function showCreated(
  record: ContactRecord,
  portal: Portal,
  more: Record<string, unknown> = {},
): ShownContact {
  return frame(record, portal, allOf(record), more);
}

/** The answer to an update: what was touched and a few that always come, not the whole record (recorded). */
export function showUpdated(
  record: ContactRecord,
  portal: Portal,
  touched: readonly string[],
  more: Record<string, unknown> = {},
): ShownContact {
  const shown: Values = {};
  // A cleared property is echoed as the empty string here and reads as null later.
  for (const name of touched) shown[name] = valueOf(record, name) ?? '';
  for (const name of WITH_UPDATES) {
    const value = valueOf(record, name);
    if (value !== undefined) shown[name] = value;
  }
  return frame(record, portal, shown, more);
}

function frame(
  record: ContactRecord,
  portal: Portal,
  properties: Readonly<Record<string, string | null | undefined>>,
  more: Record<string, unknown>,
): ShownContact {
  return {
    id: record.id,
    properties,
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
    archived: record.archivedAt !== undefined,
    ...(record.archivedAt === undefined ? {} : { archivedAt: iso(record.archivedAt) }),
    url: urlOf(record, portal),
    ...more,
  };
}
