import { empty, json } from '../../core/index.ts';
import { guard, isObject, readBody } from '../guard.ts';
import type { Call } from '../guard.ts';
import type { Group } from '../customizations.ts';
import { invalid, notFound } from '../problems.ts';
import type { DataRow, Subscriber } from '../subscribers.ts';
import { readValue } from '../values.ts';
import { refuseLargeGroups, writeFields } from '../write-fields.ts';
import type { FieldWrite } from '../write-fields.ts';

const PER_PAGE = 100;

export const customFieldRoutes = [
  guard('v3', 'POST', '/custom-field-data/:id', (call) => {
    const subscriber = subscriberOf(call);
    const { groups } = readBody(call, ['groups']);
    if (!Array.isArray(groups) || groups.length === 0) {
      return invalid('v3', 'groups', 'The groups field is required.');
    }
    const writes = groups.flatMap((group: unknown, index) =>
      readGroup(call, group, `groups.${String(index)}`),
    );
    refuseLargeGroups('v3', subscriber, writes);
    writeFields(call.state, subscriber, writes);
    return empty(204);
  }),
  guard('v3', 'GET', '/custom-field-data/:id', (call) => {
    const names = call.request.query.getAll('groups_name[]');
    const rows = subscriberOf(call).rows.filter((row) => names.length === 0 || names.includes(row.group));
    const page = Number(call.request.query.get('page') ?? 1);
    const perPage = Number(call.request.query.get('per_page') ?? PER_PAGE);
    return json(200, {
      data: rows.slice((page - 1) * perPage, page * perPage).map((row) => showRow(call, row)),
      meta: { page, per_page: perPage },
    });
  }),
  guard('v3', 'GET', '/custom-field-data/:id/group/:group', (call) => {
    const group = groupOf(call);
    const rows = subscriberOf(call).rows.filter((row) => row.group === group.name);
    return json(200, { data: rows.map((row) => showRow(call, row)) });
  }),
  guard('v3', 'DELETE', '/custom-field-data/:id/group/:group', (call) => {
    const group = groupOf(call);
    const { rows } = subscriberOf(call);
    for (let index = rows.length - 1; index >= 0; index -= 1) {
      if (rows[index]?.group === group.name) rows.splice(index, 1);
    }
    return empty(204);
  }),
];

function subscriberOf({ state, request }: Call): Subscriber {
  return state.subscribers.find('id', request.param('id')) ?? notFound('v3', 'subscriber');
}

function groupOf({ state, request }: Call): Group {
  return state.customizations.find(request.param('group')) ?? notFound('v3', 'group');
}

function readGroup({ state }: Call, given: unknown, at: string): readonly FieldWrite[] {
  if (!isObject(given)) return invalid('v3', at, 'A group is an object.');
  const { group: idOrName, historical, values } = given;
  const name = typeof idOrName === 'string' || typeof idOrName === 'number' ? idOrName : '';
  const found = state.customizations.find(name);
  if (found === undefined && (given['create_if_not_exists'] !== true || String(name).trim() === '')) {
    return invalid('v3', `${at}.group`, 'The group does not exist.');
  }
  if (!Array.isArray(values) || values.length === 0) {
    return invalid('v3', `${at}.values`, 'The values field is required.');
  }
  const group = found ?? state.customizations.group(String(name), historical === true);
  return values.map((one: unknown, index): FieldWrite => {
    const where = `${at}.values.${String(index)}`;
    if (!isObject(one)) return invalid('v3', where, 'A value is an object.');
    const fieldName = typeof one['field'] === 'string' ? one['field'] : '';
    const known = group.fields.get(fieldName);
    if (known === undefined && (one['create_if_not_exists'] !== true || fieldName.trim() === '')) {
      return invalid('v3', `${where}.field`, 'The field does not exist.');
    }
    // Nothing in the call tells the type of a new field.
    const type = known?.type ?? 'text';
    const value = readValue('v3', `${where}.value`, type, one['value']);
    return { group, field: state.customizations.field(group, fieldName, type), value };
  });
}

function showRow({ state }: Call, row: DataRow): Record<string, unknown> {
  const group = state.customizations.group(row.group);
  return {
    id: row.id,
    group_id: group.id,
    group_name: group.name,
    historical: group.historical,
    created_at: row.created_at,
    values: [...row.values].map(([name, value]) => {
      const field = group.fields.get(name);
      return {
        field_id: field?.id ?? null,
        field_name: name,
        field_type: field?.type ?? 'text',
        field_value: value,
      };
    }),
  };
}
