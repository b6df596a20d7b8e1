import { z } from 'zod';
import { FIELD_TYPES } from './customizations.ts';
import type { PageTable } from '../core/index.ts';
import type { RuleState } from './state.ts';
import type { Subscriber } from './subscribers.ts';
import { switchesSchema } from './switches.ts';
import type { Value } from './values.ts';

const text = z.string().min(1);
const value = z.union([z.string(), z.array(z.string())]);

/** What a seed may hold; fields are named `Group.Field`. */
export const seedSchema = z.strictObject({
  keys: z.array(text).optional(),
  revokedKeys: z.array(text).optional(),
  switches: switchesSchema.partial().optional(),
  fields: z.array(z.strictObject({ key: text, type: z.enum(FIELD_TYPES).default('text') })).optional(),
  /** Tags nobody carries yet. */
  tags: z.array(text).optional(),
  subscribers: z
    .array(
      z.strictObject({
        email: z.email().optional(),
        phone_number: text.optional(),
        custom_identifier: text.optional(),
        tags: z.array(text).default([]),
        fields: z.record(text, value).default({}),
      }),
    )
    .optional(),
});

export function applySeed(state: RuleState, seed: z.output<typeof seedSchema>): void {
  for (const key of seed.keys ?? []) state.addKey(key);
  for (const key of seed.revokedKeys ?? []) state.revokeKey(key);
  const given = Object.entries(seed.switches ?? {}).filter(([, setting]) => setting !== undefined);
  Object.assign(state.switches, Object.fromEntries(given));
  for (const { key, type } of seed.fields ?? []) place(state, key, type);
  if (seed.tags !== undefined && seed.tags.length > 0) state.tags.take('v2', seed.tags);
  for (const { tags, fields, email, phone_number, custom_identifier } of seed.subscribers ?? []) {
    const subscriber = state.subscribers.create({
      ...(email === undefined ? {} : { email }),
      ...(phone_number === undefined ? {} : { phone_number }),
      ...(custom_identifier === undefined ? {} : { custom_identifier }),
    });
    if (tags.length > 0) for (const tag of state.tags.take('v2', tags)) subscriber.tags.add(tag);
    for (const [key, written] of Object.entries(fields)) {
      const { group, name } = place(state, key, Array.isArray(written) ? 'multiple' : 'text');
      state.subscribers.row(subscriber, group, false).values.set(name, written);
    }
  }
}

function place(
  state: RuleState,
  key: string,
  type: (typeof FIELD_TYPES)[number],
): { readonly group: string; readonly name: string } {
  const [groupName = '', name = ''] = key.split('.');
  state.customizations.field(state.customizations.group(groupName), name, type);
  return { group: groupName, name };
}

/** `?email=` chooses one subscriber. */
export function showState(state: RuleState, query: URLSearchParams): unknown {
  const email = query.get('email')?.toLowerCase();
  const subscribers = state.subscribers
    .all()
    .filter((subscriber) => email === undefined || subscriber.email?.toLowerCase() === email);
  return {
    switches: state.switches,
    subscribers: subscribers.map(showOne),
    tags: state.tags.all(),
    fields: Object.fromEntries(
      state.customizations
        .all()
        .flatMap((group) =>
          [...group.fields.values()].map(({ name, type }) => [`${group.name}.${name}`, type]),
        ),
    ),
  };
}

function showOne(subscriber: Subscriber): Record<string, unknown> {
  const { rows, tags, suppressed, ...rest } = subscriber;
  return {
    ...rest,
    tags: [...tags].map(({ name }) => name),
    suppressed: [...suppressed],
    fields: valuesOf(subscriber),
    rowCount: rows.length,
  };
}

/** `Group.Field` by `Group.Field`; of a historical group the newest row. */
function valuesOf({ rows }: Subscriber): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    rows.flatMap(({ group, values }) => [...values].map(([name, given]) => [`${group}.${name}`, given])),
  );
}

// What fits a screen.
const SHOWN = 50;

export function showPage(state: RuleState): readonly PageTable[] {
  const all = state.subscribers.all();
  return [
    {
      title: 'Subscribers',
      columns: ['Id', 'Address', 'Phone', 'Tags', 'Fields'],
      rows: all.slice(0, SHOWN).map((subscriber) => [
        String(subscriber.id),
        subscriber.email ?? '',
        subscriber.phone_number ?? '',
        [...subscriber.tags].map(({ name }) => name).join(', '),
        Object.entries(valuesOf(subscriber))
          .map(([key, given]) => `${key}: ${typeof given === 'string' ? given : given.join(', ')}`)
          .join('; '),
      ]),
      note: `${String(Math.min(SHOWN, all.length))} of ${String(all.length)}.`,
    },
  ];
}
