import { json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { readKey, readType } from '../customizations.ts';
import { getSubscriber, guard, isObject, readBody } from '../guard.ts';
import type { Call } from '../guard.ts';
import { invalid, notFound } from '../problems.ts';
import type { RuleState } from '../state.ts';
import type { Tag } from '../tags.ts';
import { listPage } from './paging.ts';
import { showGroup, showSubscriber, showTag } from './show.ts';
import { addTags, postSubscribers, putSubscriber } from './write-subscribers.ts';

const SUCCESS = json(200, { message: 'Success' });

const on = (method: Route<RuleState>['method'], path: string, handle: (call: Call) => Reply) =>
  guard('v2', method, path, handle);

/** The second version of Rule's API, as far as subscribers, tags and custom fields go. */
export const v2Routes: readonly Route<RuleState>[] = [
  on('POST', '/subscribers', postSubscribers),
  on('GET', '/subscribers', (call) =>
    listPage(call, 'subscribers', call.state.subscribers.all().map(showSubscriber)),
  ),
  on('GET', '/subscribers/:ident', (call) => json(200, { subscriber: showSubscriber(getSubscriber(call)) })),
  on('PUT', '/subscribers/:ident', (call) => putSubscriber(call, getSubscriber(call))),
  on('DELETE', '/subscribers/:ident', (call) => {
    call.state.subscribers.remove(getSubscriber(call));
    return SUCCESS;
  }),
  on('GET', '/subscriber/:ident/fields', showFields),
  on('GET', '/subscribers/:ident/tags', (call) =>
    json(200, { tags: [...getSubscriber(call).tags].map(({ id, name }) => ({ id, name })) }),
  ),
  on('POST', '/subscribers/:ident/tags', (call) => {
    const subscriber = getSubscriber(call);
    const { tags, automation } = readBody(call, ['tags', 'automation']);
    addTags(subscriber, call.state.tags.take('v2', tags), automation ?? 'send');
    return SUCCESS;
  }),
  on('DELETE', '/subscribers/:ident/tags/clear', (call) => {
    getSubscriber(call).tags.clear();
    return SUCCESS;
  }),
  on('DELETE', '/subscribers/:ident/tags/:tag', (call) => {
    const subscriber = getSubscriber(call);
    const tag = call.state.tags.get('v2', call.request.param('tag'));
    return subscriber.tags.delete(tag) ? SUCCESS : notFound('v2', 'tag of this subscriber');
  }),
  on('GET', '/tags', (call) =>
    listPage(
      call,
      'tags',
      call.state.tags.all().map((tag) => showTag(tag, call.state.subscribers.all())),
    ),
  ),
  on('GET', '/tags/:tag', (call) => json(200, showTag(tagOf(call), call.state.subscribers.all()))),
  on('PUT', '/tags/:tag', (call) => {
    const tag = tagOf(call);
    const { name = tag.name, description = tag.description } = readBody(call, ['name', 'description']);
    tag.name = typeof name === 'string' ? name : invalid('v2', 'name', 'The name must be text.');
    tag.description = typeof description === 'string' ? description : null;
    return json(200, showTag(tag, call.state.subscribers.all()));
  }),
  on('DELETE', '/tags/:tag/clear', (call) => {
    clearTag(call, tagOf(call));
    return SUCCESS;
  }),
  on('DELETE', '/tags/:tag', (call) => {
    const tag = tagOf(call);
    clearTag(call, tag);
    call.state.tags.remove(tag);
    return SUCCESS;
  }),
  on('GET', '/customizations', (call) =>
    listPage(call, 'groups', call.state.customizations.all().map(showGroup)),
  ),
  on('GET', '/customizations/:group', (call) =>
    json(
      200,
      showGroup(call.state.customizations.find(call.request.param('group')) ?? notFound('v2', 'group')),
    ),
  ),
  on('POST', '/customizations', makeFields),
];

function tagOf({ state, request }: Call): Tag {
  const name = request.param('tag');
  const found =
    request.query.get('identified_by') === 'name' ? state.tags.byName(name) : state.tags.find(name);
  return found ?? notFound('v2', 'tag');
}

function clearTag({ state }: Call, tag: Tag): void {
  for (const subscriber of state.subscribers.all()) subscriber.tags.delete(tag);
}

function showFields(call: Call): Reply {
  const groups = getSubscriber(call).rows.map((row) => {
    const group = call.state.customizations.group(row.group);
    return {
      name: group.name,
      historical: group.historical,
      fields: [...row.values].map(([name, value]) => ({
        key: `${group.name}.${name}`,
        name,
        value,
        type: group.fields.get(name)?.type ?? 'text',
      })),
    };
  });
  return json(200, { groups });
}

/** Repeating it changes nothing. */
function makeFields(call: Call): Reply {
  const { fields } = readBody(call, ['fields']);
  if (!Array.isArray(fields) || fields.length === 0) {
    return invalid('v2', 'fields', 'The fields field is required.');
  }
  const read = fields.map((one: unknown) => {
    if (!isObject(one)) return invalid('v2', 'fields', 'A field is an object.');
    return [...readKey('v2', one['key']), readType('v2', one['type'] ?? 'text')] as const;
  });
  const { customizations } = call.state;
  for (const [group, field, type] of read) customizations.field(customizations.group(group), field, type);
  return SUCCESS;
}
