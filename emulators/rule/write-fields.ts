/** Writes values of custom fields: checked together first, so that a refused call changes nothing. */
import type { Field, Group } from './customizations.ts';
import { invalid } from './problems.ts';
import type { Version } from './problems.ts';
import type { RuleState } from './state.ts';
import type { Subscriber } from './subscribers.ts';
import type { Value } from './values.ts';

export interface FieldWrite {
  readonly group: Group;
  readonly field: Field;
  readonly value: Value;
}

// "< 65 KiB per group".
const GROUP_BYTES_MAX = 65 * 1024;

export function refuseLargeGroups(
  version: Version,
  subscriber: Subscriber,
  writes: readonly FieldWrite[],
): void {
  for (const group of new Set(writes.map((write) => write.group))) {
    const kept = subscriber.rows.find((row) => row.group === group.name && !group.historical);
    const values = new Map(kept?.values);
    for (const write of writes) if (write.group === group) values.set(write.field.name, write.value);
    if (Buffer.byteLength(JSON.stringify([...values.values()])) >= GROUP_BYTES_MAX) {
      invalid(version, 'fields', `The group ${group.name} is too large.`);
    }
  }
}

export function writeFields(state: RuleState, subscriber: Subscriber, writes: readonly FieldWrite[]): void {
  for (const group of new Set(writes.map((write) => write.group))) {
    const row = state.subscribers.row(subscriber, group.name, group.historical);
    for (const { field, value } of writes.filter((write) => write.group === group)) {
      if (value.length === 0) row.values.delete(field.name);
      else row.values.set(field.name, value);
    }
  }
  if (writes.length > 0) state.subscribers.identify(subscriber, {});
}
