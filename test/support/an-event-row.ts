import type { NewEventRow } from '../../src/store/queries/events.ts';

/** A row for the log: a track call of nobody in particular, but for what is given. */
export function aNewEventRow(row: Partial<NewEventRow> & Pick<NewEventRow, 'messageId'>): NewEventRow {
  const time = '2026-11-21T05:00:00.123Z';
  return {
    source: 'site',
    type: 'track',
    name: 'Öl',
    personKey: 'ann',
    slot: 3,
    occurredAt: time,
    receivedAt: time,
    body: JSON.stringify({ text: row.messageId }),
    ...row,
  };
}
