import { z } from 'zod';
import { empty, json, Refused } from '../../core/index.ts';
import { call, page } from '../access.ts';
import type { ApiCall } from '../access.ts';
import type { Audience } from '../audience.ts';
import { MERGE_FIELD_TYPES } from '../merge-values.ts';
import type { MergeField } from '../merge-values.ts';
import { invalid, parse } from '../problem.ts';

export const mergeFieldOptions = z.strictObject({
  default_country: z.int().optional(),
  phone_format: z.enum(['US', 'International', 'none']).optional(),
  date_format: z.string().optional(),
  choices: z.array(z.string()).optional(),
  size: z.int().optional(),
});

export const newMergeField = z.strictObject({
  name: z.string().min(1),
  type: z.enum(MERGE_FIELD_TYPES),
  tag: z.string().optional(),
  required: z.boolean().optional(),
  default_value: z.string().optional(),
  public: z.boolean().optional(),
  display_order: z.int().optional(),
  help_text: z.string().optional(),
  options: mergeFieldOptions.optional(),
});

// The type is missing on purpose: it cannot be changed.
const changedMergeField = newMergeField
  .omit({ type: true })
  .partial()
  .extend({ type: z.enum(MERGE_FIELD_TYPES).optional() });

export const listRoutes: readonly ApiCall[] = [
  call('GET', '/lists', (request, state) =>
    json(200, page(request, 'lists', [...state.audiences.values()].map(showAudience))),
  ),
  call('GET', '/lists/:list', (request, state) =>
    json(200, showAudience(state.audience(request.param('list')))),
  ),
  call('GET', '/lists/:list/tag-search', (request, state) => {
    const start = request.query.get('name')?.toLowerCase() ?? '';
    const tags = [...state.audience(request.param('list')).tagIds].map(([name, id]) => ({ id, name }));
    const found = tags.filter(({ name }) => name.toLowerCase().startsWith(start));
    return json(200, { tags: found, total_items: found.length });
  }),
  call('GET', '/lists/:list/merge-fields', (request, state) => {
    const audience = state.audience(request.param('list'));
    const fields = [...audience.mergeFields.values()].map((field) => showField(field, audience));
    return json(200, { ...page(request, 'merge_fields', fields), list_id: audience.id });
  }),
  call('POST', '/lists/:list/merge-fields', (request, state) => {
    const audience = state.audience(request.param('list'));
    const field = audience.addMergeField(parse(newMergeField, request.json()), state.limits.mergeFields);
    return json(200, showField(field, audience));
  }),
  call('GET', '/lists/:list/merge-fields/:id', (request, state) => {
    const audience = state.audience(request.param('list'));
    return json(200, showField(audience.mergeField(request.param('id')), audience));
  }),
  call('PATCH', '/lists/:list/merge-fields/:id', (request, state) => {
    const audience = state.audience(request.param('list'));
    const before = audience.mergeField(request.param('id'));
    const { tag, type, ...change } = parse(changedMergeField, request.json());
    if (type !== undefined && type !== before.type) {
      throw new Refused(invalid('The type of a merge field cannot be changed.'));
    }
    if (tag !== undefined && tag !== before.tag) {
      throw new Refused(invalid('The emulator does not rename merge tags.'));
    }
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after: MergeField = { ...before, ...given };
    audience.mergeFields.set(before.tag, after);
    return json(200, showField(after, audience));
  }),
  call('DELETE', '/lists/:list/merge-fields/:id', (request, state) => {
    const audience = state.audience(request.param('list'));
    const { tag } = audience.mergeField(request.param('id'));
    audience.mergeFields.delete(tag);
    for (const member of audience.members.values()) {
      const { [tag]: _gone, ...kept } = member.mergeFields;
      member.mergeFields = kept;
    }
    return empty(204);
  }),
];

function showField(field: MergeField, { id }: Audience): object {
  return { ...field, list_id: id, _links: [] };
}

function showAudience(audience: Audience): object {
  const having = (status: string): number =>
    [...audience.members.values()].filter((member) => member.status === status).length;
  return {
    id: audience.id,
    web_id: audience.webId,
    name: audience.name,
    contact: { company: 'The Daily Emulator', country: 'SE' },
    permission_reminder: 'You signed up on our site.',
    use_archive_bar: true,
    campaign_defaults: { from_name: '', from_email: '', subject: '', language: 'en' },
    date_created: audience.createdAt,
    list_rating: 0,
    email_type_option: false,
    visibility: 'prv',
    double_optin: audience.isDoubleOptIn,
    has_welcome: false,
    marketing_permissions: false,
    modules: [],
    stats: {
      member_count: having('subscribed'),
      unsubscribe_count: having('unsubscribed'),
      cleaned_count: having('cleaned'),
      merge_field_count: audience.mergeFields.size,
    },
    _links: [],
  };
}
