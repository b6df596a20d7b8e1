import { allOf, alwaysShown, shownWithUpdates, urlOf, valueOf } from './computed.ts';
import { iso } from './formulas.ts';
import type { ObjectCall } from './object-call.ts';
import { historyOf } from './object-record.ts';
import type { ObjectRecord, Values } from './object-record.ts';

export type ShownRecord = Record<string, unknown> & { readonly id: string };

type ShownValues = Record<string, string | null | undefined>;

export interface Asked {
  /** Names of properties; none for those that every read shows. */
  readonly properties: readonly string[];
  readonly withHistory?: readonly string[];
  /** Names of object types, which only single reads and lists take. */
  readonly associations?: readonly string[];
}

/** A record in an answer to a read: the default properties, or those asked for, plus the ones always sent. */
export function showRead(call: ObjectCall, record: ObjectRecord, asked: Asked): ShownRecord {
  const { type, properties, portal } = call;
  const { withHistory = [] } = asked;
  const names =
    asked.properties.length === 0 && withHistory.length === 0
      ? type.shownByDefault
      : [...asked.properties, ...withHistory, ...alwaysShown(type)];
  const shown: ShownValues = {};
  for (const name of names) {
    // Asked for and unset is null; asked for and unknown is left out (both recorded).
    if (properties.find(name) !== undefined) shown[name] = valueOf(record, name, type, portal) ?? null;
  }
  return frame(call, record, shown, {
    ...(withHistory.length === 0
      ? {}
      : {
          propertiesWithHistory: Object.fromEntries(
            withHistory.map((name) => [name, historyOf(record, name)]),
          ),
        }),
    ...showAssociations(call, record, asked.associations ?? []),
  });
}

/** The answer to a creation: all that is set, computed values included, some as they were sent. */
export function showCreated(
  call: ObjectCall,
  record: ObjectRecord,
  echo: Values,
  more: Record<string, unknown> = {},
): ShownRecord {
  const all = allOf(record, call.type, call.portal);
  return frame(call, record, Object.assign(all, echo), more);
}

/** The answer to an update: what was touched and a few that always come, not the whole record (recorded). */
export function showUpdated(
  call: ObjectCall,
  record: ObjectRecord,
  touched: readonly string[],
  echo: Values,
  more: Record<string, unknown> = {},
): ShownRecord {
  const { type, portal } = call;
  const shown: ShownValues = {};
  // A cleared property is echoed as the empty string here and reads as null later.
  for (const name of touched) shown[name] = echo[name] ?? valueOf(record, name, type, portal) ?? '';
  for (const name of shownWithUpdates(type)) {
    const value = valueOf(record, name, type, portal);
    if (value !== undefined) shown[name] = value;
  }
  return frame(call, record, shown, more);
}

/** Absent when there are none (recorded). */
function showAssociations(
  { type, portal }: ObjectCall,
  record: ObjectRecord,
  asked: readonly string[],
): { readonly associations?: Record<string, unknown> } {
  const found = asked.flatMap((name): [string, unknown][] => {
    const to = portal.types.find(name);
    if (to === undefined) return [];
    const results = portal.associations.shownOf(type.id, record.id, to.id);
    // Custom objects stand under their qualified name, HubSpot's own under their plural with blanks.
    const key = to.fullyQualifiedName ?? to.plural.replaceAll('_', ' ');
    return results.length === 0 ? [] : [[key, { results }]];
  });
  return found.length === 0 ? {} : { associations: Object.fromEntries(found) };
}

function frame(
  { portal }: ObjectCall,
  record: ObjectRecord,
  properties: Readonly<ShownValues>,
  more: Record<string, unknown>,
): ShownRecord {
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
