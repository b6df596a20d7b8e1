import type { PageTable } from '../../core/index.ts';
import { allOf } from '../objects/computed.ts';
import { historyOf } from '../objects/object-record.ts';
import type { ObjectRecord } from '../objects/object-record.ts';
import type { ObjectType } from '../objects/object-types.ts';
import type { Portal } from '../portal.ts';
import type { HubspotState } from '../state.ts';

const RECORDS_SHOWN = 50;
const HISTORY_SHOWN = 5;

/** Accounts, the records of one type, or one record: `?portal=`, `&type=`, `&id=` choose, `&after=` pages. */
export function showPage(state: HubspotState, query: URLSearchParams): readonly PageTable[] {
  const portal = state.portals.get(Number(query.get('portal')));
  const type = portal?.types.find(query.get('type') ?? '');
  if (portal === undefined || type === undefined) return [...state.portals.values()].map(accountTable);
  const id = query.get('id');
  const record =
    id === null ? undefined : (portal.records(type.id).find(id) ?? portal.records(type.id).find(id, true));
  return record === undefined
    ? [recordsTable(portal, type, query.get('after') ?? '0')]
    : recordTables(portal, type, record);
}

function accountTable(portal: Portal): PageTable {
  const counts = portal.types
    .all()
    .map((type) => ({ type, count: portal.records(type.id).liveCount }))
    .filter(({ count }) => count > 0);
  return {
    title: `Account ${portal.id}`,
    columns: ['Records', 'Count'],
    rows: [
      ...counts.map(({ type, count }) => [
        { text: type.plural, query: { portal: String(portal.id), type: type.id } },
        String(count),
      ]),
      ['lists', String(portal.lists.all().length)],
      ['custom events', String(portal.events.definitions.size)],
      ['forms', String(portal.forms.forms.size)],
    ],
    note: `${portal.plan}, ${portal.hublet}, ${portal.usage.calls} calls of private apps today.`,
  };
}

function recordsTable(portal: Portal, type: ObjectType, after: string): PageTable {
  const { records, next } = portal.records(type.id).page(after, RECORDS_SHOWN, false);
  const at = { portal: String(portal.id), type: type.id };
  const columns = type.shownByDefault.filter((name) => name !== 'hs_object_id');
  return {
    title: `${type.plural} of account ${portal.id}`,
    columns: ['Id', ...columns],
    rows: [
      ...records.map((record) => {
        const values = allOf(record, type, portal);
        return [
          { text: record.id, query: { ...at, id: record.id } },
          ...columns.map((name) => values[name] ?? ''),
        ];
      }),
      ...(next === undefined ? [] : [[{ text: 'more …', query: { ...at, after: next } }]]),
    ],
    note: `${portal.records(type.id).liveCount} in all.`,
  };
}

function recordTables(portal: Portal, type: ObjectType, record: ObjectRecord): PageTable[] {
  const values = Object.entries(allOf(record, type, portal)).filter(([, value]) => value !== undefined);
  const links = portal.types
    .all()
    .flatMap(({ id, plural }) =>
      portal.associations
        .idsOf(type.id, record.id, id)
        .map((other) => [plural, { text: other, query: { portal: String(portal.id), type: id, id: other } }]),
    );
  return [
    {
      title: `${type.singular} ${record.id}`,
      columns: ['Property', 'Value', 'Before, newest first'],
      rows: values
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([name, value]) => [name, value ?? '', historyText(record, name)]),
      note: record.archivedAt === undefined ? 'Live.' : 'Archived.',
    },
    { title: 'Associations', columns: ['Type', 'Id'], rows: links, note: `${links.length} in all.` },
  ];
}

function historyText(record: ObjectRecord, name: string): string {
  return historyOf(record, name)
    .slice(1, 1 + HISTORY_SHOWN)
    .map(({ value }) => String(value))
    .join(', ');
}
